/** A renderer's fast path beside its general path. */

import fc from 'fast-check';
import type { Partitioner } from '../../lambda/core/attribution/partition';
import { Pass } from '../../lambda/core/batch/batch-pass';
import { OUTPUT_START } from '../../lambda/core/bytes/scratch';
import { Catalog } from '../../lambda/core/catalog/catalog';
import { customerNaming } from '../../lambda/core/catalog/customer';
import type { UsagePlan } from '../../lambda/core/catalog/usage-plan';
import {
  type FastPath,
  type LineTaker,
  type WrittenLine,
  writtenText,
} from '../../lambda/core/output/fast-path';
import type { Renderer } from '../../lambda/core/output/renderer';

/** With names to escape, a key without a name, one with an odd id, and one that has moved. */
const usagePlans: readonly UsagePlan[] = [
  {
    id: 'p1',
    name: 'Basic "é"',
    apiStages: [
      { apiId: 'a1', stage: 'prod' },
      { apiId: 'a1', stage: 'beta' },
    ],
    keys: [{ id: 'k1', name: 'Zoë' }, { id: 'k2' }, { id: 'é', name: 'x' }],
  },
  {
    id: 'p2',
    name: 'Gold',
    apiStages: [{ apiId: 'a2', stage: 'prod' }],
    keys: [{ id: 'k1', name: 'Zoë' }],
    formerKeys: [{ id: 'k2', marks: [['removed', 1_700_000_000_000]] }],
  },
];
const naming = customerNaming({
  customerName: '{key.name}',
  extraFields: { tier: '{plan.name}', 'own.er': '{key.id}' },
});

export const catalog = new Catalog(usagePlans);
/** Says `tier` and `own.er` as well. */
export const catalogWithColumns = new Catalog(usagePlans, naming);
export const catalogs = [catalog, catalogWithColumns, Catalog.empty] as const;

export interface Batch {
  /** The data of each record. */
  readonly data: readonly string[];
  readonly catalog: Catalog;
  readonly maxResponseBytes?: number;
}

/** Fails where the two ways differ in anything; gives how many of the records took the fast path. */
export function compareWays(batch: Batch, renderer: Renderer, partitionOf?: Partitioner): number {
  const { fastPath, ...plainOnly } = renderer;
  const fast = passOf(batch, renderer, partitionOf);
  const plain = passOf(batch, plainOnly, partitionOf);

  expect(fast.results).toEqual(plain.results);
  expect(fast.counts).toEqual(plain.counts);
  expect(fast.namesKeys).toBe(plain.namesKeys);
  expect(fast.unknownKeyIds).toEqual(plain.unknownKeyIds);
  expect(fast.overflow).toEqual(plain.overflow);
  return batch.data.filter((data) => fastPath && linesOf(fastPath, data, batch.catalog)).length;
}

/** A line that a fast path has written. */
export interface TakenLine extends WrittenLine {
  readonly text: string;
}

/** The lines that a fast path makes of a record; undefined where it leaves the record to the general path. */
export function linesOf(
  fastPath: FastPath,
  data: string,
  catalog: Catalog,
): TakenLine[] | undefined {
  const lines: TakenLine[] = [];
  const taker: LineTaker = {
    at: OUTPUT_START,
    take: (line) => void lines.push({ ...line, text: writtenText(line) }),
  };
  return fastPath.record(data, catalog, 0, taker) ? lines : undefined;
}

/** Records whose lines are those of other records, some in a row and some on lines of their own. */
export function gathered(records: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string[]> {
  const separator = fc.constantFrom('\n', '\n', '\n', '\r\n', '', '', ' ', '\n\n', '\\n');
  return fc
    .tuple(records, fc.array(separator, { minLength: 1, maxLength: 4 }))
    .map(([all, between]) => {
      const parts = all.flatMap((data, index) => [
        Buffer.from(data, 'base64'),
        Buffer.from(between[index % between.length] as string),
      ]);
      return [Buffer.concat(parts).toString('base64')];
    });
}

function passOf(
  { data, catalog, maxResponseBytes = 6 * 1024 * 1024 }: Batch,
  renderer: Renderer,
  partitionOf: Partitioner | undefined,
) {
  const records = data.map((text, index) => ({
    recordId: `record-${index}`,
    approximateArrivalTimestamp: 1_700_000_000_000 + index,
    data: text,
  }));
  return new Pass(records, catalog, {
    renderer,
    partitionOf,
    readOther: () => undefined,
    maxInflatedBytes: 1024 * 1024,
    maxResponseBytes,
  });
}
