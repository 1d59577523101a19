/** Delivered lines as a laptop reads them: what the answers of a stack are held against. */

import type { Completeness, Value } from '../../analytics/result';
import { completenessOf } from '../../cli/report/completeness';
import type { Engine } from '../../cli/report/duckdb';
import { noCountries, RowReader, sourceOf } from './read-rows';

export interface Laptop {
  readonly engine: Engine;
  /** How complete the lines of a period are; Athena does not say how many objects it reads. */
  completeness(period: { readonly from: number; readonly to: number }): Promise<Completeness>;
  close(): void;
}

/** @param delivered the text of each day's folder */
export async function openLaptop(delivered: ReadonlyMap<string, string>): Promise<Laptop> {
  const reader = new RowReader();
  const ingested = await reader.ingest(
    [...delivered].map(([day, text]) => sourceOf(`logs/day=${day}/hour=12/object`, text)),
    { countries: noCountries },
  );
  const engine = await reader.open(ingested);
  return {
    engine,
    async completeness(period) {
      return { ...(await completenessOf(engine, ingested, period)), files: 0 };
    },
    close() {
      engine.close();
      ingested.close();
      reader.close();
    },
  };
}

/** For rows of two engines: sums of fractions differ by the order in which they are added. */
export function roughly(value: Value | undefined): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? expect.closeTo(value, 6) : value;
}
