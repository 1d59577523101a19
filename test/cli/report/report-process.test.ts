/** The real command, in a process of its own. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCommand } from '../../support/command-process';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-process-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const line = (id: number) =>
  `${JSON.stringify({ requestId: `r${id}`, extendedRequestId: `e${id}=`, requestTimeEpoch: '1795166060861', apiId: 'a1', stage: 'prod', status: '200' })}\n`;

function run(args: readonly string[], environment: Record<string, string> = {}) {
  return startCommand(args, { XDG_CACHE_HOME: join(folder, 'cache'), ...environment });
}

test('Ctrl-C ends it without half a cache', async () => {
  const { child, ended } = run(['report', '-', '-o', join(folder, 'page.html')]);
  // What it no longer reads is nobody's loss.
  child.stdin?.on('error', () => {});
  // Standard input never ends: it is read until it is interrupted.
  const feeding = setInterval(() => child.stdin?.write(line(1).repeat(20_000)), 50);
  while (!readdirSync(folder).includes('cache') || !halves().length) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill('SIGINT');
  const { exitCode, stderr } = await ended;
  clearInterval(feeding);

  expect(exitCode).toBe(130);
  expect(stderr).toContain('interrupted');
  expect(halves()).toEqual([]);
  expect(readdirSync(folder)).not.toContain('page.html');
}, 120_000);

function halves(): string[] {
  try {
    return readdirSync(join(folder, 'cache', 'apigw-logs')).filter((name) =>
      name.startsWith('.half'),
    );
  } catch {
    return [];
  }
}

test('without DuckDB it names the package to install', async () => {
  // As if there were none of that name.
  const hide = join(folder, 'hide.cjs');
  writeFileSync(
    hide,
    `const module_ = require('node:module');
     const resolve = module_._resolveFilename;
     module_._resolveFilename = function (name, ...more) {
       if (!name.startsWith('@duckdb/')) return resolve.call(this, name, ...more);
       throw Object.assign(new Error("Cannot find module '" + name + "'"), { code: 'MODULE_NOT_FOUND' });
     };`,
  );
  const logs = join(folder, 'access.log');
  writeFileSync(logs, line(1));
  const { exitCode, stderr } = await run(['report', logs], {
    NODE_OPTIONS: `--require ${hide}`,
  }).ended;

  expect(exitCode).toBe(2);
  expect(stderr).toContain('npm install @duckdb/node-api');
  expect(stderr.trim().split('\n')).toHaveLength(1);
}, 120_000);

test('wrong SQL is told with its place', async () => {
  const logs = join(folder, 'access.log');
  writeFileSync(logs, line(1));
  const { exitCode, stdout, stderr } = await run([
    'query',
    'select status,\n nope from access',
    logs,
  ]).ended;

  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/the SQL is wrong at line 2, column 2: .*nope/);
}, 120_000);

test('a page that cannot be written is told, and is no half page', async () => {
  const logs = join(folder, 'access.log');
  writeFileSync(logs, line(1));
  const { exitCode, stderr } = await run(['report', logs, '-o', join(folder, 'none', 'page.html')])
    .ended;

  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/cannot write .*page\.html/);
  expect(readFileSync(logs, 'utf8')).toBe(line(1));
}, 120_000);
