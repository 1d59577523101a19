/**
 * What an output may have beside its plain way: one that is several times as fast, and does for usual
 * records and lines, to the byte, what the plain way would; undefined sends anything else there.
 */

import type { AttributionOutcome } from '../attribution/attribute';
import type { Catalog } from '../catalog/catalog';

export interface ShortWay {
  /** From a record's base64 data to base64 data. */
  record(data: string, catalog: Catalog, arrivedAt?: number): Delivered | undefined;
  /** From a line that is text already, as the lines of an envelope are, to text. */
  line(text: string, catalog: Catalog, arrivedAt?: number): Delivered | undefined;
}

export interface Delivered {
  /** What is delivered. */
  readonly text: string;
  readonly outcome: AttributionOutcome;
  /** Of an unknown key. */
  readonly keyId: string | undefined;
}
