/**
 * What the largest catalog of an account takes: 10,000 keys, 300 plans of ten stages, each key in three
 * plans. `npm run bench:catalog-memory`; with `-- --record` it writes bench/catalog-memory.md.
 */

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Catalog, planFor } from '../lambda/core/catalog/catalog';
import { decodeSnapshot, encodeSnapshot } from '../lambda/core/catalog/snapshot';
import type { UsagePlan } from '../lambda/core/catalog/usage-plan';

const KEYS = 10_000;
const PLANS = 300;
const STAGES = 10;
const PLANS_PER_KEY = 3;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

function heapMb(): number {
  for (let round = 0; round < 3; round++) gc();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** As it comes from the wire: every text an object of its own. */
function listing(): UsagePlan[] {
  const plans = Array.from({ length: PLANS }, (_, plan) => ({
    id: `plan${plan}`,
    name: `Usage plan number ${plan}`,
    apiStages: Array.from({ length: STAGES }, (_, stage) => ({
      apiId: `api${(plan * STAGES + stage) % 100}`,
      stage: `stage${Math.floor((plan * STAGES + stage) / 100)}`,
    })),
    keys: [] as { id: string; name: string }[],
  }));
  for (let key = 0; key < KEYS * PLANS_PER_KEY; key++) {
    const id = Math.floor(key / PLANS_PER_KEY);
    plans[(id * 7 + (key % PLANS_PER_KEY) * 101) % PLANS]?.keys.push({
      id: `key${String(id).padStart(7, '0')}`,
      name: `Customer with the number ${id}`,
    });
  }
  return JSON.parse(JSON.stringify(plans)) as UsagePlan[];
}

function measured<T>(make: () => T): { made: T; mb: number; ms: number } {
  const before = heapMb();
  const startedAt = performance.now();
  const made = make();
  const ms = performance.now() - startedAt;
  return { made, mb: heapMb() - before, ms };
}

const times = { generation: 1, writtenAt: 1, listedAt: 1, knownSince: 1 };
const snapshot = { ...times, absentKeys: new Map<string, number>(), unread: [] };
const listed = measured(() => new Catalog(listing()));
const encoded = measured(
  () => encodeSnapshot({ ...snapshot, usagePlans: listed.made.usagePlans }).bytes,
);
const read = measured(() => new Catalog(decodeSnapshot(encoded.made).usagePlans));

const keyIds = Array.from({ length: KEYS }, (_, key) => `key${String(key).padStart(7, '0')}`);
const apiIds = Array.from({ length: 100 }, (_, api) => `api${api}`);
let found = 0;
const startedAt = performance.now();
const LOOKUPS = 1_000_000;
for (let lookup = 0; lookup < LOOKUPS; lookup++) {
  const key = read.made.key(keyIds[lookup % KEYS] ?? '');
  if (key && planFor(key, apiIds[lookup % 100] ?? '', 'stage3') !== undefined) found++;
}
const lookupNs = ((performance.now() - startedAt) * 1e6) / LOOKUPS;

const table = [
  '| | memory MB | time ms |',
  '|---|---|---|',
  `| the catalog from a listing | ${listed.mb.toFixed(1)} | ${listed.ms.toFixed(0)} (made up and read) |`,
  `| the catalog from the snapshot | ${read.mb.toFixed(1)} | ${read.ms.toFixed(0)} |`,
  `| the snapshot, written | ${(encoded.made.byteLength / 2 ** 20).toFixed(2)} | ${encoded.ms.toFixed(0)} |`,
  '',
  `A lookup of key and plan takes ${lookupNs.toFixed(0)} ns (${found} found).`,
].join('\n');
console.log(table);
if (process.argv.includes('--record')) {
  const head = `${KEYS} keys in ${PLANS_PER_KEY} plans each, ${PLANS} plans of ${STAGES} stages`;
  const machine = `${cpus()[0]?.model}, Node ${process.version}`;
  const text = `# The largest catalog\n\n${head}. Written by \`npm run bench:catalog-memory -- --record\` (${machine}).\n\n${table}\n`;
  writeFileSync(join(__dirname, 'catalog-memory.md'), text);
}
