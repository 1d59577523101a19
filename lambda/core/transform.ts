/**
 * A Firehose event in, a response in: the only place that knows of batches and results.
 *
 * Every `recordId` comes back exactly once, in order. What a record holds is never a reason to fail
 * its neighbours: https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
 */

import type {
  FirehoseRecordTransformationStatus,
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import { Catalog } from './catalog';
import type { CatalogCache } from './catalog-cache';
import { type AttributionOutcome, attribute } from './enrich';
import { type Entry, readRecord, writeRecord } from './record';
import type { Renderer } from './render/renderer';

export interface TransformOptions {
  readonly catalogs: Pick<CatalogCache, 'latest' | 'forKeys'>;
  readonly renderer: Renderer;
}

export interface BatchCounts {
  readonly lines: Record<AttributionOutcome | 'unparsed', number>;
  readonly records: Record<FirehoseRecordTransformationStatus, number>;
}

export interface Batch {
  readonly response: FirehoseTransformationResult;
  readonly counts: BatchCounts;
}

/** Rejects where the event is no Firehose event, and where a line needs a catalog that never was. */
export async function transform(event: unknown, options: TransformOptions): Promise<Batch> {
  const { records } = firehoseEvent(event);
  const catalog = options.catalogs.latest;
  const pass = new Pass(catalog ?? Catalog.empty, options);
  const batch = pass.transform(records);
  if (pass.keyIds.size === 0) return batch;

  const needed = await options.catalogs.forKeys(pass.keyIds);
  // All of a batch is attributed from one catalog, so that no batch mixes two states.
  return needed === catalog ? batch : new Pass(needed, options).transform(records);
}

/** One way through all records with one catalog. */
class Pass {
  /** The API key ids that the lines name. */
  readonly keyIds = new Set<string>();
  readonly #catalog: Catalog;
  readonly #options: TransformOptions;
  readonly #counts: BatchCounts = {
    lines: { enriched: 0, withoutKey: 0, unknownKey: 0, noPlanForStage: 0, unparsed: 0 },
    records: { Ok: 0, Dropped: 0, ProcessingFailed: 0 },
  };

  constructor(catalog: Catalog, options: TransformOptions) {
    this.#catalog = catalog;
    this.#options = options;
  }

  transform(records: readonly FirehoseTransformationEventRecord[]): Batch {
    const response = { records: records.map((record) => this.#transformRecord(record)) };
    for (const { result } of response.records) this.#counts.records[result]++;
    return { response, counts: this.#counts };
  }

  #transformRecord(record: FirehoseTransformationEventRecord): FirehoseTransformationResultRecord {
    const { recordId, data } = record;
    if (typeof data !== 'string') return { recordId, result: 'ProcessingFailed', data };
    const entries = readRecord(data);
    if (entries.length === 0) return { recordId, result: 'Dropped', data };
    if (!entries.some((entry) => entry.line)) return { recordId, result: 'ProcessingFailed', data };
    const lines = entries.map((entry) => this.#deliver(entry));
    return { recordId, result: 'Ok', data: writeRecord(lines) };
  }

  #deliver(entry: Entry): string {
    if (!entry.line) {
      this.#counts.lines.unparsed++;
      return this.#options.renderer.unparsed(entry.text, entry.bytes);
    }
    const attribution = attribute(entry.line, this.#catalog);
    if (attribution.keyId !== undefined) this.keyIds.add(attribution.keyId);
    this.#counts.lines[attribution.outcome]++;
    return this.#options.renderer.line(entry.line, attribution);
  }
}

function firehoseEvent(event: unknown): FirehoseTransformationEvent {
  const records = (event as Partial<FirehoseTransformationEvent> | null | undefined)?.records;
  if (!Array.isArray(records)) {
    throw new Error(
      `not a Firehose transformation event: expected an object with "records", got ${describe(event)}`,
    );
  }
  for (const [index, record] of records.entries()) {
    if (typeof record?.recordId !== 'string') {
      throw new Error(
        `not a Firehose transformation event: expected records[${index}] with a "recordId", got ${describe(record)}`,
      );
    }
  }
  return event as FirehoseTransformationEvent;
}

/** Tells what something is without telling what it holds. */
function describe(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  if (Array.isArray(value)) return 'an array';
  const keys = Object.keys(value).slice(0, 10);
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.join(', ')}`;
}
