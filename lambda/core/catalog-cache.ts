/**
 * When to load the catalog, when to load it again, and what to serve meanwhile. The loader and the
 * clock are handed in.
 */

import type { Catalog } from './catalog';

export interface CatalogCacheOptions {
  readonly load: () => Promise<Catalog>;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  /** An older catalog is loaded again before it is used. */
  readonly ttlMs: number;
  /** Unknown keys, and loads that fail, cause at most one load in this time. */
  readonly minLoadIntervalMs: number;
  /** Told of every load after which an older catalog stays in use. */
  readonly onReloadFailed: (error: unknown) => void;
}

export class CatalogCache {
  readonly #options: CatalogCacheOptions;
  #catalog: Catalog | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<void> | undefined;

  constructor(options: CatalogCacheOptions) {
    this.#options = options;
  }

  /** What was loaded last, however old; undefined while nothing could be loaded yet. */
  get latest(): Catalog | undefined {
    return this.#catalog;
  }

  /** Milliseconds since the catalog in use was loaded; undefined while there is none. */
  get ageMs(): number | undefined {
    return this.#catalog && this.#options.now() - this.#loadedAt;
  }

  /** Starts the first load, so that the first batch waits less. A failure shows when it is needed. */
  warm(): void {
    this.#load().catch(() => {});
  }

  /**
   * The catalog for a batch with these keys, loaded again where it is too old or lacks one of them.
   * Rejects with the loader's error while there has never been a catalog; a failed reload keeps the
   * old one.
   */
  async forKeys(keyIds: Iterable<string>): Promise<Catalog> {
    if (!this.#catalog || this.#loading || this.#shouldReload(keyIds)) {
      await this.#load().catch((error: unknown) => {
        if (!this.#catalog) throw error;
      });
    }
    return this.#catalog as Catalog;
  }

  #shouldReload(keyIds: Iterable<string>): boolean {
    const sinceTried = this.#options.now() - this.#triedAt;
    if (sinceTried < this.#options.minLoadIntervalMs) return false;
    return this.#isOutdated() || this.#lacksAny(keyIds);
  }

  #isOutdated(): boolean {
    return this.#options.now() - this.#loadedAt >= this.#options.ttlMs;
  }

  #lacksAny(keyIds: Iterable<string>): boolean {
    for (const keyId of keyIds) if (!this.#catalog?.key(keyId)) return true;
    return false;
  }

  /** One load at a time: whoever asks meanwhile waits for the same. */
  #load(): Promise<void> {
    this.#loading ??= this.#loadNow().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #loadNow(): Promise<void> {
    // Age counts from the start: what changes during a load may be missing in it.
    const startedAt = this.#options.now();
    this.#triedAt = startedAt;
    try {
      this.#catalog = await this.#options.load();
      this.#loadedAt = startedAt;
    } catch (error) {
      if (this.#catalog) this.#options.onReloadFailed(error);
      throw error;
    }
  }
}
