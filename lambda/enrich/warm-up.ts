/**
 * Runs made-up lines through the code that the first batch will need, so that it is compiled by then:
 * interpreted, a batch takes ten times as long. For when there is nothing to do but to wait for the
 * first catalog.
 *
 * In slices: between two of them, V8 compiles on another thread what the first one has run often.
 */

import type { PassOptions } from '../core/batch/batch-pass';
import { transform } from '../core/batch/transform';
import { Catalog } from '../core/catalog/catalog';
import { columns } from '../core/fields';

const SLICES = 8;
const LINES_PER_SLICE = 200;
const LINES_OF_ONE_RECORD = 40;

/** Returns a function that runs a slice at each call, and returns whether there are more. */
export function warmUp(options: PassOptions): () => boolean {
  const latest = catalogOf(SLICES * LINES_PER_SLICE);
  const catalogs = { latest, forKeys: async () => latest };
  let slice = 0;
  return () => {
    const lines = Array.from({ length: LINES_PER_SLICE }, (_, index) =>
      lineOf(slice * LINES_PER_SLICE + index),
    );
    const contents = [...lines, lines.slice(0, LINES_OF_ONE_RECORD).join('\n')];
    const records = contents.map((content, index) => ({
      recordId: String(index).padStart(56, '0'),
      approximateArrivalTimestamp: 0,
      data: Buffer.from(content).toString('base64'),
    }));
    // The compiler counts on objects that are made the same way as those which it has seen.
    const event: unknown = JSON.parse(JSON.stringify({ records }));
    // The warm-up has no caller that could handle a failure.
    transform(event, { ...options, catalogs, reingest: undefined }).catch(() => {});
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

/** The kinds of lines that real batches have; most are of the first one. */
function lineOf(index: number): string {
  const members = membersOf(index);
  const kind = index % 10 === 7 ? Math.floor(index / 10) % rareKinds.length : -1;
  return rareKinds[kind]?.(members, index) ?? JSON.stringify(members);
}

/** Columns in the table's order, few or many, with values of many lengths. */
function membersOf(index: number): Record<string, unknown> {
  const isLong = Math.floor(index / LINES_PER_SLICE) % 2 === 1 && index % 5 === 0;
  const chosen = columns.filter(({ secret }) => !secret).slice(0, isLong ? 60 : 12);
  const members = chosen.map(({ column, type }, position): [string, unknown] => {
    if (column === 'api_key_id') return [column, keyIdOf(index)];
    if (column === 'api_id' || column === 'stage') return [column, 'any'];
    if (type !== 'string') return [column, String(1_700_000_000_000 + index)];
    return [column, 'x'.repeat((index * (position + 3)) % 31)];
  });
  return Object.fromEntries(members);
}

type Members = Record<string, unknown>;

const rareKinds: readonly ((members: Members, index: number) => string)[] = [
  (members) => JSON.stringify({ ...members, api_key_id: '-' }),
  (members, index) => JSON.stringify({ ...members, api_key_id: `unknown${index}` }),
  (members) => JSON.stringify({ ...members, stage: 'none' }),
  (members) => JSON.stringify({ ...members, path: '/é/"quoted"' }),
  (members) => JSON.stringify({ ...members, api_key: 'x'.repeat(20) }),
  (members) => JSON.stringify({ ...members, status: 200, error_message: null, ratio: 0.5 }),
  (members) => JSON.stringify({ ...members, authorizer: { claims: ['a', { b: true }] } }),
  ({ source_ip, user_agent, ...members }) =>
    JSON.stringify({ identity: { sourceIp: source_ip, userAgent: user_agent }, ...members }),
  (members) => `${JSON.stringify(members, undefined, ' ').replaceAll('\n', '')}\n`,
];

function keyIdOf(index: number): string {
  return index.toString(36).padStart(10, 'k');
}
