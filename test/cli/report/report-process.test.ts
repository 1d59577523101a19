/** The real command, in a process of its own. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

describe('a disk that is full', () => {
  /** Fails in place of the disk, for files whose name ends so, after some bytes. */
  function fullFor(ending: string): Record<string, string> {
    const preload = join(folder, 'full.cjs');
    writeFileSync(
      preload,
      `const fs = require('node:fs');
       const { openSync, writeSync } = fs;
       const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
       const handles = new Set();
       fs.openSync = (path, ...more) => {
         const handle = openSync(path, ...more);
         if (String(path).endsWith('${ending}')) handles.add(handle);
         return handle;
       };
       fs.writeSync = (handle, ...more) => {
         if (handles.has(handle)) throw full();
         return writeSync(handle, ...more);
       };
       const { writeFile } = fs.promises;
       fs.promises.writeFile = async (path, text, ...more) => {
         if (!String(path).endsWith('${ending}')) return writeFile(path, text, ...more);
         await writeFile(path, text.slice(0, 100), ...more);
         throw full();
       };`,
    );
    return { NODE_OPTIONS: `--require ${preload}` };
  }

  test('is told in a line, and nothing half is left', async () => {
    const logs = join(folder, 'access.log');
    writeFileSync(logs, line(1).repeat(3));
    const { exitCode, stderr } = await run(
      ['report', logs, '-o', join(folder, 'page.html')],
      fullFor('.parquet'),
    ).ended;

    expect(exitCode).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(
        /^apigw-logs report: the disk is full: rows are kept in .*XDG_CACHE_HOME/,
      ),
    ]);
    expect(halves()).toEqual([]);
    expect(readdirSync(folder)).not.toContain('page.html');
  }, 120_000);

  test('leaves the page that was there before', async () => {
    const [logs, page] = [join(folder, 'access.log'), join(folder, 'page.html')];
    writeFileSync(logs, line(1));
    writeFileSync(page, 'yesterday');
    const { exitCode, stderr } = await run(['report', logs, '-o', page], fullFor('.half')).ended;

    expect([exitCode, readFileSync(page, 'utf8')]).toEqual([2, 'yesterday']);
    expect(stderr).toMatch(/cannot write .*page\.html: ENOSPC/);
    expect(readdirSync(folder).filter((name) => name.endsWith('.half'))).toEqual([]);
  }, 120_000);
});

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

test('Ctrl-C ends a query that never ends', async () => {
  const logs = join(folder, 'access.log');
  writeFileSync(logs, line(1));
  const { child, ended } = run(['query', 'select count(*) from range(1000000000000)', logs]);
  // The folder that the engine makes when it opens.
  while (!existsSync(join(folder, 'cache', 'apigw-logs', '.spill'))) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  child.kill('SIGINT');
  const { exitCode, stdout } = await ended;

  expect([exitCode, stdout]).toEqual([130, '']);
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
