/**
 * The time from access logs to a finished page, beside GoAccess's for the same requests as combined
 * log lines: `npm run bench:report [requests]`. Needs `npm run build`, and GoAccess installed.
 */

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { lineWriter } from '../analytics/sample/lines';
import { usagePlans } from '../analytics/sample/product';
import { type SampleRequest, sampleTraffic } from '../analytics/sample/traffic';
import { logFormat } from '../lambda/core/format/known/log-format';
import { table } from './report';

const root = join(__dirname, '..');
const commandLine = join(root, 'dist', 'apigw-logs.js');
const requests = Number(process.argv[2] ?? 1_000_000);

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

async function writeLogs(folder: string): Promise<number> {
  const files = ['raw.json.gz', 'combined.log.gz'].map((name) => {
    const gzip = createGzip({ level: 5 });
    const file = createWriteStream(join(folder, name));
    gzip.pipe(file);
    return { gzip, written: new Promise((resolve) => file.on('finish', () => resolve(undefined))) };
  });
  let count = 0;
  for (const hour of sampleTraffic({ requests })) {
    count += hour.length;
    const texts = [
      hour.map(({ apiType, values }) => `${writers[apiType](values)}\n`).join(''),
      hour.map(combinedLine).join(''),
    ];
    for (const [index, { gzip }] of files.entries()) {
      if (!gzip.write(texts[index])) await once(gzip, 'drain');
    }
  }
  for (const { gzip } of files) gzip.end();
  await Promise.all(files.map(({ written }) => written));
  return count;
}

function secondsOf(command: string, environment: NodeJS.ProcessEnv, cwd: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
    cwd,
    env: environment,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  return (performance.now() - start) / 1000;
}

async function main(): Promise<void> {
  if (!existsSync(commandLine)) throw new Error('expected dist/apigw-logs.js: npm run build');
  const folder = mkdtempSync(join(tmpdir(), 'bench-report-'));
  try {
    const count = await writeLogs(folder);
    writeFileSync(join(folder, 'plans.json'), JSON.stringify({ usagePlans: usagePlans() }));
    const environment = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') };
    const report = `node ${commandLine} report raw.json.gz --plans plans.json -o page.html`;
    const goAccess = 'zcat combined.log.gz | goaccess --log-format=COMBINED -o goaccess.html -';
    // GoAccess before and after, since others may be at work.
    const before = secondsOf(goAccess, environment, folder);
    const first = secondsOf(report, environment, folder);
    const again = secondsOf(report, environment, folder);
    const after = secondsOf(goAccess, environment, folder);
    const reference = (before + after) / 2;
    const row = (name: string, seconds: number) =>
      [name, seconds.toFixed(1), `${(seconds / reference).toFixed(2)}×`] as const;
    console.log(
      `${count} requests, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()
        .map((load) => load.toFixed(1))
        .join(', ')}\n`,
    );
    console.log(
      table(
        ['from logs to a page', 'seconds', 'ratio'],
        [row('GoAccess', reference), row('report', first), row('report, from the cache', again)],
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
