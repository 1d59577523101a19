/**
 * Runs made-up lines through the code that the first batch will need, so that it is compiled by then:
 * interpreted, a batch takes ten times as long. For when there is nothing to do but to wait for the
 * first catalog.
 *
 * In slices: what one has made worth compiling is compiled on another thread before the next.
 */

import type { PassOptions } from '../core/batch/batch-pass';
import { transform } from '../core/batch/transform';
import { Catalog } from '../core/catalog/catalog';
import { columns } from '../core/fields';

const SLICES = 8;
const LINES_PER_SLICE = 200;

/** Each call of what it gives runs a slice, and tells whether there are more. */
export function warmUp(options: PassOptions): () => boolean {
  const latest = catalogOf(SLICES * LINES_PER_SLICE);
  const catalogs = { latest, forKeys: async () => latest };
  let slice = 0;
  return () => {
    const records = Array.from({ length: LINES_PER_SLICE }, (_, index) => ({
      recordId: String(index).padStart(56, '0'),
      approximateArrivalTimestamp: 0,
      data: Buffer.from(lineOf(slice * LINES_PER_SLICE + index)).toString('base64'),
    }));
    // The compiler counts on objects that are made the same way as those which it has seen.
    const event: unknown = JSON.parse(JSON.stringify({ records }));
    // A batch that nobody has sent has nobody to hear of a failure.
    transform(event, { ...options, catalogs, putBack: undefined }).catch(() => {});
    return ++slice < SLICES;
  };
}

function catalogOf(keyCount: number): Catalog {
  const keys = Array.from({ length: keyCount }, (_, index) => ({
    id: keyIdOf(index),
    name: 'any',
  }));
  return new Catalog([
    { id: 'any', name: 'any', apiStages: [{ apiId: 'any', stage: 'any' }], keys },
    { id: 'other', name: 'other', apiStages: [{ apiId: 'other', stage: 'other' }], keys },
  ]);
}

/** Fields in the table's order, with values of many lengths; now and then something less usual. */
function lineOf(index: number): string {
  const members = columns.slice(0, 12).map(({ column, secret }, position): [string, string] => {
    if (column === 'api_key_id') return [column, oddKeyIds[index % 20] ?? keyIdOf(index)];
    if (secret) return [column, index % 20 === 2 ? 'x'.repeat(20) : '-'];
    if (column === 'api_id' || column === 'stage') return [column, 'any'];
    if (index % 20 === 3) return [column, 'é "quoted"'];
    return [column, 'x'.repeat((index * (position + 3)) % 31)];
  });
  return JSON.stringify(Object.fromEntries(members));
}

const oddKeyIds = ['-', 'unknown'];

function keyIdOf(index: number): string {
  return index.toString(36).padStart(10, 'k');
}
