/**
 * A Firehose event in, a response in return.
 *
 * Every `recordId` comes back exactly once, in order. What a record holds is never a reason to fail
 * its neighbours: https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
 */

import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { Catalog } from '../catalog/catalog';
import type { CatalogCache } from '../catalog/catalog-cache';
import { type BatchCounts, Pass, type PassOptions } from './batch-pass';

export interface TransformOptions extends PassOptions {
  readonly catalogs: Pick<CatalogCache, 'latest' | 'forKeys'> &
    Partial<Pick<CatalogCache, 'empty'>>;
  /** What does not fit into a response goes back into the stream; without this, it fails. */
  readonly reingest?: Reingest | undefined;
}

/**
 * Puts base64 data into a stream, a record for each piece, and returns of each whether the stream has
 * accepted it. Never rejects.
 */
export type Reingest = (
  streamArn: string,
  pieces: readonly string[],
) => Promise<readonly boolean[]>;

export interface Batch {
  readonly response: FirehoseTransformationResult;
  readonly counts: BatchCounts;
}

/** Rejects where the event is no Firehose event, and where a line needs a catalog that never was. */
export async function transform(event: unknown, options: TransformOptions): Promise<Batch> {
  const { records, deliveryStreamArn } = firehoseEvent(event);
  const { catalogs, reingest } = options;

  let catalog = catalogs.latest;
  let pass = new Pass(records, catalog ?? catalogs.empty ?? Catalog.empty, options);
  const asked = new Set<string>();
  // One round, but for keys that a newer catalog has lost. A batch without unknown keys asks too: then the
  // cache checks whether its catalog is due to be loaded anew.
  for (let isAsking = pass.namesKeys; isAsking; ) {
    for (const keyId of pass.unknownKeyIds) asked.add(keyId);
    const needed = await catalogs.forKeys(pass.unknownKeyIds);
    if (needed === catalog) break;
    // All of a batch is attributed from one catalog, so that no batch mixes two states.
    catalog = needed;
    pass = new Pass(records, catalog, options);
    isAsking = Array.from(pass.unknownKeyIds).some((keyId) => !asked.has(keyId));
  }

  if (pass.overflow.length > 0) {
    const pieces = pass.overflow.flatMap((overflow) => overflow.pieces);
    pass.settle(deliveryStreamArn && reingest ? await reingest(deliveryStreamArn, pieces) : []);
  }
  return { response: { records: pass.results }, counts: pass.counts };
}

/** Rejects what is not a Firehose event; the message names what it is instead. */
export function firehoseEvent(event: unknown): FirehoseTransformationEvent {
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

/** Names what something is without its content. */
function describe(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  if (Array.isArray(value)) return 'an array';
  const keys = Object.keys(value).slice(0, 10);
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.join(', ')}`;
}
