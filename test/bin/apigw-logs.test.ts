import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';

interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a process of its own, as `npm run invoke` does. */
function run(
  args: readonly string[],
  input = '',
  environment: Record<string, string> = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    const child = spawn('node_modules/.bin/tsx', ['bin/apigw-logs.ts', ...args], { env });
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
    expect(stdout).toMatch(/^ {2}invoke +run the function/m);
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  test('of a command lists its options', async () => {
    const { exitCode, stdout } = await run(['invoke', '--help']);

    for (const option of ['--event', '--plans', '--json', '--aws'])
      expect(stdout).toContain(option);
    expect(exitCode).toBe(0);
  });
});

test('help and a command is the help of the command', async () => {
  expect(await run(['help', 'formats'])).toEqual(await run(['formats', '--help']));
});

describe('without what AWS needs, one line says what is expected:', () => {
  const nothing = {
    HOME: '/nonexistent',
    AWS_REGION: '',
    AWS_DEFAULT_REGION: '',
    AWS_PROFILE: '',
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_EC2_METADATA_DISABLED: 'true',
  };

  test('a Region', async () => {
    const { exitCode, stderr } = await run(['status'], '', nothing);

    expect(stderr).toMatch(/^apigw-logs status: which Region\? expected --region NAME, .*\n$/);
    expect(exitCode).toBe(2);
  });

  test('credentials, and not once for each event', async () => {
    const { exitCode, stderr } = await run(
      ['invoke', '--aws', '--region', 'eu-west-1'],
      '',
      nothing,
    );

    expect(stderr).toMatch(
      /^apigw-logs invoke: no AWS credentials: expected --profile NAME, .*\n$/,
    );
    expect(exitCode).toBe(2);
  });
});

test('an old Node.js is told in one line, before anything else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'node-'));
  const file = join(folder, 'old-node.cjs');
  writeFileSync(file, "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });");

  const { exitCode, stderr } = await run(['invoke'], '', { NODE_OPTIONS: `--require ${file}` });

  expect(stderr).toBe('apigw-logs: this is Node.js 18.20.4, expected 20 or newer\n');
  expect(exitCode).toBe(2);
});

test('tells its version', async () => {
  expect(await run(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test('names the commands to whoever asks for another', async () => {
  expect((await run(['upload'])).stderr).toContain(
    'unknown command "upload", expected invoke, status, ',
  );
  expect((await run(['invoce'])).stderr).toBe(
    'apigw-logs: unknown command "invoce"; did you mean invoke?\n',
  );
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
