import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formats } from '../../../cli/formats/formats';
import { UsageError } from '../../../cli/usage-error';
import { logFormat } from '../../../lambda/core/format/known/log-format';
import { recordedTerminal } from '../../support/recorded-terminal';
import { sourceFormats } from '../../support/source-formats';

async function run(...args: string[]) {
  const terminal = recordedTerminal();
  const exitCode = await formats(args, terminal);
  return { printed: terminal.printed, exitCode };
}

describe('formats', () => {
  test('prints a format for each API type and for each receiving system', async () => {
    const { printed, exitCode } = await run();

    const lines = printed.filter((line) => line.startsWith('{'));
    const expected = sourceFormats.map(({ fields }) => JSON.stringify(fields));
    expect(lines).toEqual([
      logFormat('REST'),
      logFormat('HTTP'),
      logFormat('WEBSOCKET'),
      ...expected,
    ]);
    expect(exitCode).toBe(0);
  });

  test('tells which of them log a secret', async () => {
    const { printed } = await run();

    const telling = printed.filter((line) => line.includes('logs the value of the API key'));
    expect(telling.map((line) => line.split(' ')[0])).toEqual(['apiable', 'sumo-rest']);
  });

  test('prints the formats that are named and nothing else', async () => {
    expect((await run('rest')).printed).toEqual([logFormat('REST')]);
    expect((await run('REST')).printed).toEqual([logFormat('REST')]);
    expect((await run('websocket', 'http')).printed).toEqual([
      logFormat('WEBSOCKET'),
      logFormat('HTTP'),
    ]);
  });

  test('prints JSON', async () => {
    const { printed } = await run('apiable', '--json');

    expect(JSON.parse(printed.join('\n'))).toMatchObject([
      { name: 'apiable', apiType: 'REST', system: 'Apiable', logsSecret: true },
    ]);
  });

  test('tells how it is used', async () => {
    expect((await run('--help')).printed.join('\n')).toContain('Usage: apigw-logs formats');
  });

  const misuses = [
    { args: ['nobody'], message: /^unknown format "nobody", expected rest, http, / },
    { args: ['rest', '--check', 'x'], message: /^--check and names exclude each other$/ },
    { args: ['--check', 'no/such/file'], message: /^cannot read no\/such\/file: / },
    { args: ['--chekc', 'x'], message: /^unknown option --chekc; did you mean --check\?/ },
  ];
  for (const { args, message } of misuses) {
    test(`rejects ${args.join(' ')}`, async () => {
      await expect(run(...args)).rejects.toThrow(UsageError);
      await expect(run(...args)).rejects.toThrow(message);
    });
  }
});

describe('formats --check', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'formats-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function fileOf(format: string): string {
    const file = join(folder, 'format');
    writeFileSync(file, format);
    return file;
  }

  test('finds nothing to improve in what this pipeline recommends', async () => {
    const format = logFormat('REST');
    const { printed, exitCode } = await run('--check', fileOf(`${format}\n`));

    const variables = Object.keys(JSON.parse(format)).length;
    expect(printed).toEqual([
      `JSON, ${variables} variables, ${format.length} of 3072 bytes, known as rest`,
      'customer yes, usage plan yes',
      'nothing to improve',
    ]);
    expect(exitCode).toBe(0);
  });

  test('says what to do about a format that has problems', async () => {
    const { printed, exitCode } = await run(
      '--check',
      fileOf(
        '{"requestId":"$context.requestId","key_id":"$context.identity.apiKeyId","status":$context.status}',
      ),
    );

    expect(printed).toEqual([
      'JSON, 3 variables, 97 of 3072 bytes',
      'customer yes, usage plan no',
      'hint: AWS advises to log both request ids: add $context.extendedRequestId',
      'problem: no usage plan, which depends on the API: add "apiId":"$context.apiId"',
      'problem: no usage plan, which depends on the stage: add "stage":"$context.stage"',
      'problem: put $context.status in quotes: where there is no value, a mere - breaks the JSON',
    ]);
    expect(exitCode).toBe(1);
  });

  test('takes no byte order mark for a part of the format', async () => {
    const { printed, exitCode } = await run('--check', fileOf(`\ufeff${logFormat('REST')}`));

    expect([printed.at(-1), exitCode]).toEqual(['nothing to improve', 0]);
  });

  test('counts a single variable as one', async () => {
    const { printed } = await run('--check', fileOf('$context.requestId'));

    expect(printed[0]).toMatch(/^text, 1 variable, /);
  });

  test('has nothing against a format that gives but hints', async () => {
    const { printed, exitCode } = await run('--check', fileOf(`${logFormat('HTTP')}\\n`));

    expect(printed.filter((line) => line.startsWith('problem'))).toEqual([]);
    expect(printed.filter((line) => line.startsWith('hint'))).toHaveLength(2);
    expect(exitCode).toBe(0);
  });

  test('prints JSON', async () => {
    const { printed, exitCode } = await run('--json', '--check', fileOf('$context.requestId'));

    expect(JSON.parse(printed.join('\n'))).toMatchObject({
      notation: 'text',
      variables: ['requestId'],
      knownAs: [],
      attribution: { customer: false, usagePlan: false },
    });
    expect(exitCode).toBe(1);
  });
});
