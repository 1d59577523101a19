import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { version } from '../../package.json';

interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a process of its own, as `npm run invoke` does. */
function run(args: readonly string[], input = ''): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn('node_modules/.bin/tsx', ['bin/apigw-logs.ts', ...args]);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
    child.stdin.end(input);
  });
}

const sample = readFileSync('events/apiable.json', 'utf8');

describe('help', () => {
  test('lists the commands', async () => {
    const { exitCode, stdout, stderr } = await run(['--help']);

    expect(stdout).toMatch(/^Usage: apigw-logs <command>/m);
    expect(stdout).toMatch(/^ {2}invoke {4}run the function/m);
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  test('of a command lists its options', async () => {
    const { exitCode, stdout } = await run(['invoke', '--help']);

    for (const option of ['--event', '--plans', '--json', '--aws'])
      expect(stdout).toContain(option);
    expect(exitCode).toBe(0);
  });
});

test('tells its version', async () => {
  expect(await run(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test('names the commands to whoever asks for another', async () => {
  const { stderr } = await run(['invoce']);

  expect(stderr).toContain('unknown command "invoce", expected invoke, status, attach,');
});

test.each([
  [[], 2],
  [['invoce'], 2],
  [['invoke', '--event', 'missing.json'], 2],
  [['invoke', '--event', 'events/failing/malformed-record.json'], 1],
  [['invoke'], 0],
])('%j ends with %d', async (args, expected) => {
  const { exitCode } = await run(args);

  expect(exitCode).toBe(expected);
});

test('says in one line what is wrong, and nothing on standard output', async () => {
  const { stdout, stderr } = await run(['invoke', '--event', 'missing.json']);

  expect(stdout).toBe('');
  expect(stderr).toBe('apigw-logs invoke: cannot read missing.json: no such file or directory\n');
});

test('reads an event from standard input, and prints the response and nothing else', async () => {
  const { exitCode, stdout, stderr } = await run(['invoke', '--event', '-', '--json'], sample);

  const recordIds = (json: string) =>
    JSON.parse(json).records.map(({ recordId }: { recordId: string }) => recordId);
  expect(stdout).toMatch(/^\{"records":\[.*\]\}\n$/);
  expect(recordIds(stdout)).toEqual(recordIds(sample));
  expect([exitCode, stderr]).toEqual([0, '']);
});

test('is not colored in a pipe', async () => {
  const { stdout } = await run(['invoke']);

  expect(stdout).toContain('"usage_plan":"Gold"');
  expect(stdout).not.toContain('\x1b');
});

test('ends quietly where the reader leaves', async () => {
  const command = 'node_modules/.bin/tsx bin/apigw-logs.ts invoke | head -n 1';

  const [error, stdout, stderr] = await new Promise<unknown[]>((resolve) => {
    execFile('bash', ['-o', 'pipefail', '-c', command], (...outcome) => resolve(outcome));
  });

  expect([error, stdout, stderr]).toEqual([null, 'events/apiable.json  4 records\n', '']);
});
