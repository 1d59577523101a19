/** A renderer's short way beside its plain one. */

import { Pass } from '../../lambda/core/batch/batch-pass';
import { Catalog } from '../../lambda/core/catalog/catalog';
import { customerNaming } from '../../lambda/core/catalog/customer';
import type { UsagePlan } from '../../lambda/core/catalog/usage-plan';
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
  /** Of each record. */
  readonly data: readonly string[];
  readonly catalog: Catalog;
  readonly maxResponseBytes?: number;
}

/** Fails where the two ways differ in anything; gives how many of the records took the short one. */
export function compareWays(batch: Batch, renderer: Renderer): number {
  const { fastPath, ...plainOnly } = renderer;
  const short = passOf(batch, renderer);
  const plain = passOf(batch, plainOnly);

  expect(short.results).toEqual(plain.results);
  expect(short.counts).toEqual(plain.counts);
  expect(short.namesKeys).toBe(plain.namesKeys);
  expect(short.unknownKeyIds).toEqual(plain.unknownKeyIds);
  expect(short.overflow).toEqual(plain.overflow);
  return batch.data.filter((data) => fastPath?.record(data, batch.catalog)).length;
}

function passOf({ data, catalog, maxResponseBytes = 6 * 1024 * 1024 }: Batch, renderer: Renderer) {
  const records = data.map((text, index) => ({
    recordId: `record-${index}`,
    approximateArrivalTimestamp: 1_700_000_000_000 + index,
    data: text,
  }));
  return new Pass(records, catalog, {
    renderer,
    readOther: () => undefined,
    maxInflatedBytes: 1024 * 1024,
    maxResponseBytes,
  });
}
