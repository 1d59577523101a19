/**
 * Runs made-up lines through the code that the first batch will need, so that it is compiled by then:
 * interpreted, a batch takes ten times as long. For when there is nothing to do but to wait for the
 * first catalog.
 */

import { Catalog } from '../catalog/catalog';
import { columns } from '../fields';
import { Pass, type PassOptions } from '../pass';

/** Enough for the compiler to take notice; some 20 ms. */
const LINES = 800;

export function warmUp(options: PassOptions): void {
  const records = Array.from({ length: LINES }, (_, index) => ({
    recordId: String(index).padStart(56, '0'),
    approximateArrivalTimestamp: 0,
    data: Buffer.from(lineOf(index)).toString('base64'),
  }));
  // The compiler counts on objects that are made the same way as those which it has seen.
  new Pass(JSON.parse(JSON.stringify(records)), catalogOf(LINES), options);
}

function catalogOf(keyCount: number): Catalog {
  const keys = Array.from({ length: keyCount }, (_, index) => ({
    id: keyIdOf(index),
    name: 'any',
  }));
  return new Catalog([{ id: 'any', apiStages: [{ apiId: 'any', stage: 'any' }], keys }]);
}

/** Fields in the table's order, with values of many lengths. */
function lineOf(index: number): string {
  const members = columns.slice(0, 12).map(({ column, secret }, position): [string, string] => {
    if (column === 'api_key_id') return [column, keyIdOf(index)];
    if (secret) return [column, '-'];
    if (column === 'api_id' || column === 'stage') return [column, 'any'];
    return [column, 'x'.repeat((index * (position + 3)) % 31)];
  });
  return JSON.stringify(Object.fromEntries(members));
}

function keyIdOf(index: number): string {
  return index.toString(36).padStart(10, 'k');
}
