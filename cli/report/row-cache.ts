/**
 * Rows that were read before. An entry is a folder of Parquet files with a note on what was read; its
 * name is a hash of everything that its rows depend on, so that an entry is never out of date, and a
 * change anywhere makes another one. It is written under another name and renamed when it is whole.
 */

import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { UnreadFile } from '../../analytics/result';
import type { RowCounts } from './canonical-rows';

export interface EntryNote {
  readonly counts: RowCounts;
  readonly files: number;
  readonly unread: readonly UnreadFile[];
}

export interface Entry {
  readonly parquet: readonly string[];
  readonly note: EntryNote;
}

const NOTE = 'note.json';
/** An entry that was not asked for in this time is removed. */
const UNUSED_MS = 30 * 24 * 3_600_000;
/** A half entry that is older than this has no writer any more. */
const ABANDONED_MS = 24 * 3_600_000;

export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const caches = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(caches, 'apigw-logs');
}

export class RowCache {
  readonly folder: string;

  constructor(folder: string) {
    // Log lines are private.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.folder = folder;
    this.#removeUnused();
  }

  find(key: string): Entry | undefined {
    const folder = join(this.folder, key);
    if (!existsSync(join(folder, NOTE))) return undefined;
    const now = new Date();
    utimesSync(folder, now, now);
    return entryIn(folder);
  }

  /** What was computed under the key before, else now. Where it cannot be kept it is computed again. */
  async remember(key: string, compute: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const file = join(this.folder, `computed-${key}`);
    if (existsSync(file)) {
      const now = new Date();
      utimesSync(file, now, now);
      return readFileSync(file);
    }
    const computed = await compute();
    const half = join(this.folder, `${HALF}${randomUUID()}`);
    try {
      writeFileSync(half, computed, { mode: 0o600 });
      renameSync(half, file);
    } catch {
      rmSync(half, { force: true });
    }
    return computed;
  }

  /** A folder for an entry that is being written. */
  begin(): string {
    const folder = join(this.folder, `${HALF}${randomUUID()}`);
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  }

  /** Renames a folder that is whole to its own name. */
  finish(half: string, key: string, note: EntryNote): Entry {
    writeFileSync(join(half, NOTE), JSON.stringify(note));
    const folder = join(this.folder, key);
    try {
      renameSync(half, folder);
    } catch (error) {
      // Another run was faster, with the same rows.
      if (!existsSync(join(folder, NOTE))) throw error;
      rmSync(half, { recursive: true, force: true });
    }
    return entryIn(folder);
  }

  /** Keeps rows that cannot be asked for again; `removeHalf` removes them. */
  keepForNow(half: string, note: EntryNote): Entry {
    writeFileSync(join(half, NOTE), JSON.stringify(note));
    return entryIn(half);
  }

  removeHalf(half: string): void {
    rmSync(half, { recursive: true, force: true });
  }

  #removeUnused(): void {
    for (const name of readdirSync(this.folder)) {
      const path = join(this.folder, name);
      const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > (name.startsWith(HALF) ? ABANDONED_MS : UNUSED_MS)) {
        rmSync(path, { recursive: true, force: true });
      }
    }
  }
}

const HALF = '.half-';

function entryIn(folder: string): Entry {
  const parquet = readdirSync(folder)
    .filter((name) => name.endsWith('.parquet'))
    .sort()
    .map((name) => join(folder, name));
  return { parquet, note: JSON.parse(readFileSync(join(folder, NOTE), 'utf8')) as EntryNote };
}

export function keyOf(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
