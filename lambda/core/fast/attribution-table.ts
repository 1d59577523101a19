/**
 * Attributions by the bytes of API key id, API id and stage, each with what is made of it once, so
 * that a line costs one search and no strings.
 */

import { Catalog } from '../catalog/catalog';
import { type Attribution, attributionOf } from '../enrich';
import { ByteTable, type Spans } from './byte-table';

/** Keys of an account, times the stages that each calls. */
const MAX_ATTRIBUTIONS = 50_000;

const DASH = 0x2d;

export class AttributionTable<T> {
  readonly #make: (attribution: Attribution) => T;
  readonly #known = new ByteTable<T>(MAX_ATTRIBUTIONS);
  /** All that is known is of this one. */
  #catalog = Catalog.empty;
  #withoutKey: T;

  constructor(make: (attribution: Attribution) => T) {
    this.#make = make;
    this.#withoutKey = make(attributionOf({}, this.#catalog));
  }

  /** Forgets what it knows of another catalog. */
  use(catalog: Catalog): void {
    if (catalog === this.#catalog) return;
    this.#catalog = catalog;
    this.#known.clear();
    this.#withoutKey = this.#make(attributionOf({}, catalog));
  }

  /**
   * For values of plain ASCII, empty where there is none. Undefined where the request's time, too,
   * decides of the attribution.
   */
  find(bytes: Buffer, spans: Spans): T | undefined {
    if (isNoValueAt(bytes, spans[0] as number, spans[1] as number)) return this.#withoutKey;
    const known = this.#known.find(bytes, spans);
    if (known) return known;

    const partOf = (part: number) => bytes.toString('latin1', spans[2 * part], spans[2 * part + 1]);
    const keyId = partOf(0);
    if (this.#catalog.key(keyId)?.dependsOnTime) return undefined;
    const caller = { keyId, apiId: partOf(1), stage: partOf(2) };
    const made = this.#make(attributionOf(caller, this.#catalog));
    this.#known.add(bytes, spans, made);
    return made;
  }
}

function isNoValueAt(bytes: Uint8Array, start: number, end: number): boolean {
  return start === end || (end - start === 1 && bytes[start] === DASH);
}
