/**
 * The time from access logs to a finished page, beside GoAccess's for the same requests as combined
 * log lines, and the time of each panel: `npm run bench:report [requests] [-- --ten-times] [--record]`.
 * Needs `npm run build`, and GoAccess installed. `--ten-times` reads ten times as many requests as well,
 * without GoAccess: ten million take about ten minutes, most of them to be made. Recorded are
 * `results-report.md`.
 */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { panels } from '../analytics/panels/all';
import { lineWriter } from '../analytics/sample/lines';
import { usagePlans } from '../analytics/sample/product';
import { type SampleRequest, sampleTraffic } from '../analytics/sample/traffic';
import { HOUR } from '../analytics/time-zone';
import { openEngine } from '../cli/report/duckdb';
import { logFormat } from '../lambda/core/format/known/log-format';
import { table } from './report';

const root = join(__dirname, '..');
const commandLine = join(root, 'dist', 'apigw-logs.js');
const [given = '1000000'] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const requests = Number(given);
const isRecorded = process.argv.includes('--record');
const isTenTimes = process.argv.includes('--ten-times');

const writers = {
  REST: lineWriter(logFormat('REST')),
  HTTP: lineWriter(logFormat('HTTP')),
  WEBSOCKET: lineWriter(logFormat('WEBSOCKET')),
};

/** What a web server would have logged of the request. */
function combinedLine({ values }: SampleRequest): string {
  const { httpMethod = 'GET', routeKey = '/', path = `/${routeKey}`, requestTime } = values;
  const { responseLength = '0', status } = values;
  const agent = (values['identity.userAgent'] ?? '-').replaceAll('"', '%22');
  return `${values['identity.sourceIp']} - - [${requestTime}] "${httpMethod} ${path} HTTP/1.1" ${status} ${responseLength} "-" "${agent}"\n`;
}

interface Logs {
  readonly count: number;
  /** Bytes of a request, in each file. */
  readonly averageBytes: readonly number[];
}

const rawFile = { name: 'raw.json.gz', lineOf: rawLine };
const combinedFile = { name: 'combined.log.gz', lineOf: combinedLine };

function rawLine({ apiType, values }: SampleRequest): string {
  return `${writers[apiType](values)}\n`;
}

/** Writes the same requests into each of the files. */
async function writeLogs(
  folder: string,
  wanted: number,
  kinds: readonly (typeof rawFile)[],
): Promise<Logs> {
  const files = kinds.map(({ name, lineOf }) => {
    const gzip = createGzip({ level: 5 });
    const file = createWriteStream(join(folder, name));
    gzip.pipe(file);
    const written = new Promise((resolve) => file.on('finish', () => resolve(undefined)));
    return { gzip, written, lineOf, bytes: 0 };
  });
  let count = 0;
  for (const hour of sampleTraffic({ requests: wanted })) {
    count += hour.length;
    for (const file of files) {
      const text = hour.map(file.lineOf).join('');
      file.bytes += Buffer.byteLength(text);
      if (!file.gzip.write(text)) await once(file.gzip, 'drain');
    }
  }
  for (const { gzip } of files) gzip.end();
  await Promise.all(files.map(({ written }) => written));
  writeFileSync(join(folder, 'plans.json'), JSON.stringify({ usagePlans: usagePlans() }));
  return { count, averageBytes: files.map(({ bytes }) => Math.round(bytes / count)) };
}

const report = `node ${commandLine} report ${rawFile.name} --plans plans.json -o page.html`;

interface Took {
  readonly seconds: number;
  /** Processor time of all threads: what others do on the machine hardly changes it. */
  readonly cpuSeconds: number;
  readonly megabytes: number;
}

function timeOf(command: string, environment: NodeJS.ProcessEnv, cwd: string): Took {
  const times = join(cwd, 'times');
  const timed = `command time -f '%e %U %S %M' -o ${times} bash -o pipefail -c '${command}'`;
  const { status, stderr } = spawnSync('bash', ['-c', timed], {
    cwd,
    env: environment,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  const numbers = readFileSync(times, 'utf8').trim().split(/\s+/).map(Number);
  const [seconds = 0, user = 0, system = 0, kilobytes = 0] = numbers;
  return { seconds, cpuSeconds: user + system, megabytes: kilobytes / 1024 };
}

function between(one: Took, other: Took): Took {
  return {
    seconds: (one.seconds + other.seconds) / 2,
    cpuSeconds: (one.cpuSeconds + other.cpuSeconds) / 2,
    megabytes: Math.max(one.megabytes, other.megabytes),
  };
}

/** Milliseconds of each panel's statement over the rows in the cache, the second time. */
async function panelTimes(cache: string): Promise<[id: string, ms: number][]> {
  const folder = join(cache, 'apigw-logs');
  const parquet = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /rows-\d+\.parquet$/.test(name))
    .map((name) => join(folder, name));
  // As `report` opens them, where all lines could be read.
  const engine = await openEngine(
    { parquet, hasUnparsed: false },
    { spillFolder: join(cache, 'spill') },
  );
  try {
    const { rows } = await engine.query(
      'select min(request_time_epoch), max(request_time_epoch) from requests',
    );
    const [from = 0, to = 0] = (rows[0] ?? []).map(Number);
    const scope = {
      from: from - (from % HOUR),
      to: to - (to % HOUR) + HOUR,
      timeZone: 'UTC',
      bucket: 'day',
      filter: {},
    } as const;
    const times: [string, number][] = [];
    for (const panel of panels) {
      const statement = panel.sql(scope);
      await engine.query(statement);
      const start = performance.now();
      await engine.query(statement);
      times.push([panel.id, performance.now() - start]);
    }
    return times;
  } finally {
    engine.close();
  }
}

async function main(): Promise<void> {
  if (!existsSync(commandLine)) throw new Error('expected dist/apigw-logs.js: npm run build');
  const folder = mkdtempSync(join(tmpdir(), 'bench-report-'));
  try {
    const { count, averageBytes } = await writeLogs(folder, requests, [rawFile, combinedFile]);
    const cache = join(folder, 'cache');
    const environment = { ...process.env, XDG_CACHE_HOME: cache };
    const load = loadavg().map((one) => one.toFixed(1));
    const goAccess = 'zcat combined.log.gz | goaccess --log-format=COMBINED -o goaccess.html -';
    // GoAccess before and after, since others may be at work.
    const before = timeOf(goAccess, environment, folder);
    const first = timeOf(report, environment, folder);
    const again = timeOf(report, environment, folder);
    const after = timeOf(goAccess, environment, folder);
    const reference = between(before, after);
    const row = (name: string, { seconds, cpuSeconds, megabytes }: Took, target: string) => [
      name,
      seconds.toFixed(1),
      `${(seconds / reference.seconds).toFixed(2)}×`,
      cpuSeconds.toFixed(1),
      `${(cpuSeconds / reference.cpuSeconds).toFixed(2)}×`,
      megabytes.toFixed(0),
      target,
    ];
    const times = await panelTimes(cache);
    const slow = times.filter(([, ms]) => ms >= 300).sort(([, one], [, other]) => other - one);
    const all = times.reduce((sum, [, ms]) => sum + ms, 0);
    tell([
      '# From logs to a page',
      '',
      `- ${new Date().toISOString().slice(0, 10)}, ${count} requests, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`,
      `- load ${load.join(', ')} before it began: others may be at work, so read ratios; CPU seconds hardly depend on them`,
      '',
      table(
        ['', 'seconds', 'ratio', 'CPU seconds', 'ratio', 'MB', 'target'],
        [
          row('GoAccess', reference, ''),
          row('report', first, '0.80×'),
          row('report, from the cache', again, '0.20×'),
        ],
      ),
      '',
      `GoAccess reads ${averageBytes[1]} bytes of a request that has ${averageBytes[0]} for the report.`,
      '',
      `Statements of the ${times.length} panels: ${(all / 1000).toFixed(1)} s together (target 5 s), ${slow.length} over 300 ms (target none)${slow.length > 0 ? ':' : '.'}`,
      ...(slow.length > 0
        ? [
            '',
            table(
              ['panel', 'ms'],
              slow.map(([id, ms]) => [id, ms.toFixed(0)]),
            ),
          ]
        : []),
      '',
      ...(isTenTimes ? [await tenTimesTable(count, first), ''] : []),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A first look at ten times as many requests, beside the one at these. */
async function tenTimesTable(count: number, took: Took): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-report-'));
  try {
    const more = await writeLogs(folder, 10 * requests, [rawFile]);
    const environment = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') };
    const row = (all: number, { seconds, cpuSeconds, megabytes }: Took) => [
      String(all),
      seconds.toFixed(1),
      cpuSeconds.toFixed(1),
      ((cpuSeconds / all) * 1e6).toFixed(1),
      megabytes.toFixed(0),
    ];
    return table(
      ['requests of a first look', 'seconds', 'CPU seconds', 'CPU µs a request', 'MB'],
      [row(count, took), row(more.count, timeOf(report, environment, folder))],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tell(lines: readonly string[]): void {
  const text = lines.join('\n');
  console.log(text);
  if (isRecorded) writeFileSync(join(__dirname, 'results-report.md'), text);
}

main();
