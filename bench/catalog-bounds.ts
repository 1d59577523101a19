/**
 * Where the catalog's bounds are: how reading, joining and looking up grow with a past of up to 86,400
 * facts, which a key replaced every second makes in a day; and the memory that objects of a size or a
 * kind that no crawler writes take in both functions, each read by a process of its own.
 *
 *   npm run bench:catalog-bounds                 prints the tables
 *   npm run bench:catalog-bounds -- --record     writes bench/catalog-bounds.md
 */

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus } from 'node:os';
import { join as pathOf } from 'node:path';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { Catalog, planFor } from '../lambda/core/catalog/catalog';
import { type History, join } from '../lambda/core/catalog/catalog-history';
import { decodeSnapshot, encodeSnapshot } from '../lambda/core/catalog/snapshot';
import type { Mark } from '../lambda/core/catalog/timeline';
import type { UsagePlan } from '../lambda/core/catalog/usage-plan';

const SECOND = 1000;
const start = Date.UTC(2026, 10, 20);
const facts = [21_600, 43_200, 86_400];
const MB = 2 ** 20;

/** As the function is configured by default: 512 MB, of which Node's heap gets less. */
const HEAP_MB = 384;
const sizeMb = { object: 200, bomb: 750 };

function ms(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

/** A key every second, each of them gone when the next one comes. */
function manyKeys(count: number): UsagePlan[] {
  const formerKeys = Array.from({ length: count }, (_, n) => {
    const marks: Mark[] = [
      ['added', start + n * SECOND],
      ['removed', start + (n + 1) * SECOND],
    ];
    return { id: `key${n}`, name: `Customer ${n}`, goneAt: start + (n + 1) * SECOND, marks };
  });
  return [{ id: 'p1', apiStages: [{ apiId: 'orders', stage: 'prod' }], keys: [], formerKeys }];
}

/** One key that moves to the other of two plans every second. */
function oneKey(count: number): UsagePlan[] {
  const [here, there] = [0, 1].map((first) =>
    Array.from(
      { length: count },
      (_, n): Mark => [n % 2 === first ? 'added' : 'removed', start + n * SECOND],
    ),
  ) as [Mark[], Mark[]];
  const apiStages = [{ apiId: 'orders', stage: 'prod' }];
  const [held, gone] = count % 2 === 1 ? [here, there] : [there, here];
  return [
    { id: 'p1', apiStages, keys: [{ id: 'key0', name: 'Customer', marks: held }] },
    {
      id: 'p2',
      apiStages,
      keys: [],
      formerKeys: [{ id: 'key0', name: 'Customer', goneAt: start + count * SECOND, marks: gone }],
    },
  ];
}

function growthOf(usagePlans: readonly UsagePlan[], count: number): readonly number[] {
  const now = start + count * SECOND;
  const history: History = { usagePlans, listedAt: now, knownSince: start };
  const times = { now, graceMs: 86_400 * SECOND };
  const snapshot = { generation: 1, writtenAt: now, absentKeys: new Map(), unread: [] };
  let bytes: Buffer = Buffer.alloc(0);
  const written = ms(() => {
    bytes = encodeSnapshot({ ...snapshot, ...history }).bytes;
  });
  let catalog = Catalog.empty;
  const read = ms(() => {
    catalog = new Catalog(decodeSnapshot(bytes).usagePlans);
  });
  const joined = ms(() =>
    join(history, undefined, [{ kind: 'added', at: now, planId: 'p1', keyId: 'key0' }], times),
  );
  const lookedUp = ms(() => {
    for (let n = 0; n < 10_000; n++) {
      const key = catalog.key('key0');
      if (key) planFor(key, 'orders', 'prod', start + ((n * 7919) % count) * SECOND);
    }
  });
  return [written, read, joined, lookedUp];
}

/** In a process of its own: the size of the object, and the findings. */
async function readIn(reader: string, url: string): Promise<void> {
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
  const region = 'eu-west-1';
  const location = 's3://logs/_catalog/usage-plans.json.gz';
  const before = process.resourceUsage().maxRSS;
  let said = 'taken';
  try {
    if (reader === 'crawler') {
      const { S3Client } = await import('@aws-sdk/client-s3');
      const { snapshotStore } = await import('../lambda/crawler/snapshot-store');
      const client = new S3Client({ endpoint: url, region, credentials, forcePathStyle: true });
      const { refusal } = await snapshotStore(client, location, 60_000).read();
      if (refusal) said = String((refusal as Error).message);
    } else {
      const { controlPlaneClient } = await import('../lambda/aws/control-plane-client');
      const { signedRequests } = await import('../lambda/aws/signed-request');
      const { sharedCatalog } = await import('../lambda/enrich/snapshot-source');
      const shared = sharedCatalog({
        location,
        queueUrl: '',
        region: async () => region,
        send: signedRequests(controlPlaneClient({ region, credentials })),
        environment: { AWS_ENDPOINT_URL_S3: url },
        timeoutMs: 60_000,
      });
      await shared.read(undefined);
    }
  } catch (error) {
    said = (error as Error).message;
  }
  const peak = process.resourceUsage().maxRSS;
  console.log(JSON.stringify({ beforeMb: before / 1024, peakMb: peak / 1024, said }));
}

async function memoryOf(reader: string, object: 'object' | 'bomb'): Promise<readonly unknown[]> {
  const server = createServer((_, response) => {
    response.writeHead(200, { etag: '"1"', date: new Date().toUTCString() });
    const piece = Buffer.alloc(MB);
    const out = object === 'bomb' ? createGzip() : response;
    if (out !== response) out.pipe(response);
    response.on('error', () => {});
    let left = sizeMb[object];
    const write = () => {
      while (left-- > 0) if (!out.write(piece)) return out.once('drain', write);
      return out.end();
    };
    write();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const child = [`--max-old-space-size=${HEAP_MB}`, ...process.execArgv, __filename, reader, url];
  const { stdout } = await promisify(execFile)(process.execPath, child);
  server.closeAllConnections();
  server.close();
  const { beforeMb, peakMb, said } = JSON.parse(stdout);
  const what = object === 'bomb' ? `gzip of ${sizeMb.bomb} MB` : `${sizeMb.object} MB`;
  return [reader, what, beforeMb.toFixed(0), peakMb.toFixed(0), said];
}

async function main(): Promise<void> {
  const out: string[] = [];
  const row = (...cells: readonly unknown[]) => out.push(`| ${cells.join(' | ')} |`);
  const table = (title: string, ...names: string[]) => {
    out.push(...(out.length > 0 ? [''] : []), `## ${title}`, '');
    row(...names);
    row(...names.map(() => '---'));
  };
  const columns = ['written ms', 'read ms', 'one change joined ms', '10,000 lookups ms'];
  table('A past that grows', 'past', 'facts', ...columns);
  // A first round for the compiler.
  growthOf(manyKeys(1000), 1000);
  growthOf(oneKey(1000), 1000);
  for (const [title, make] of [
    ['a key replaced every second', manyKeys],
    ['a key that moves every second', oneKey],
  ] as const) {
    for (const count of facts) {
      row(title, count, ...growthOf(make(count), count).map((it) => it.toFixed(0)));
      console.error(out.at(-1));
    }
  }
  table('Objects that no crawler writes', 'reader', 'object', 'MB before', 'peak MB', 'answer');
  for (const reader of ['container', 'crawler']) {
    for (const object of ['object', 'bomb'] as const) {
      row(...(await memoryOf(reader, object)));
      console.error(out.at(-1));
    }
  }
  console.log(out.join('\n'));
  if (!process.argv.includes('--record')) return;
  const machine = `${cpus()[0]?.model}, Node ${process.version}`;
  const text = `# The catalog's bounds\n\nWritten by \`npm run bench:catalog-bounds -- --record\` (${machine}).\nMemory is the resident set of a process with \`--max-old-space-size=${HEAP_MB}\`, compiler and loader included.\n\n${out.join('\n')}\n`;
  writeFileSync(pathOf(__dirname, 'catalog-bounds.md'), text);
}

const [reader, url] = process.argv.slice(2);
if (reader && url) void readIn(reader, url);
else void main();
