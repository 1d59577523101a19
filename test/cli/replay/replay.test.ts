import { gunzipSync } from 'node:zlib';
import { replay } from '../../../cli/replay/replay';
import {
  type AwsAccount,
  type AwsAccountOptions,
  STREAM_NAME,
  startAwsAccount,
} from '../../support/aws-account';
import { startCommand } from '../../support/command-process';
import { FAILED_PREFIX, failedLine, failedObject } from '../../support/failed-object';
import { recordedTerminal } from '../../support/recorded-terminal';

const REPLAYED_PREFIX = FAILED_PREFIX.replace('errors/', 'replayed/');

let account: AwsAccount;
let terminal: ReturnType<typeof recordedTerminal>;

async function start(options: AwsAccountOptions = {}) {
  account = await startAwsAccount(options);
  terminal = recordedTerminal();
}

afterEach(() => account.close());

const run = (...args: string[]) =>
  replay(['--stack', 'Logs', '--yes', '--rate', '100', ...args], terminal);
const add = (name: string, payloads: readonly string[], options?: { isGzip?: boolean }) =>
  account.s3.objects.set(
    FAILED_PREFIX + name,
    failedObject(
      payloads.map((payload) => failedLine(payload)),
      options,
    ),
  );
const payloads = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `{"request_id":"${name}-${index}"}\n`);
const accepted = () =>
  account.firehose.accepted.map((data) => Buffer.from(data, 'base64').toString());
const keys = () => [...account.s3.objects.keys()].sort();
const outcomes = () => terminal.documents<{ outcome: string }>().map(({ outcome }) => outcome);

describe('--code', () => {
  const unreadable = failedLine('no line', { errorCode: 'Lambda.ProcessingFailedStatus' });

  const mixed = () =>
    account.s3.objects.set(
      `${FAILED_PREFIX}c`,
      failedObject([unreadable, failedLine('c'), unreadable], { isGzip: true }),
    );
  const leftOut = `replayed/left-out/${FAILED_PREFIX.slice('errors/'.length)}c`;
  const textOf = (key: string) =>
    gunzipSync(account.s3.objects.get(key)?.body as Buffer).toString();

  test('puts back what failed with it, and leaves whole objects of others where they are', async () => {
    await start();
    add('a', payloads('a', 2));
    account.s3.objects.set(`${FAILED_PREFIX}b`, failedObject([unreadable]));

    expect(await run('--code', 'Lambda.FunctionError', '--json')).toBe(1);

    expect(accepted()).toEqual(payloads('a', 2));
    expect(outcomes().sort()).toEqual(['left', 'replayed']);
    expect(keys()).toContain(`${FAILED_PREFIX}b`);
  });

  test('puts back its records of an object, and keeps the others to be found', async () => {
    await start();
    mixed();

    expect(await run('--code', 'Lambda.FunctionError', '--json')).toBe(1);

    expect(accepted()).toEqual(['c']);
    expect(terminal.documents()).toMatchObject([
      { outcome: 'replayed', records: 1, message: `2 records with another code: ${leftOut}` },
    ]);
    expect(keys()).toEqual([`${REPLAYED_PREFIX}c`, leftOut].sort());
    expect(textOf(leftOut)).toBe(`${unreadable}\n${unreadable}\n`);
  });

  test('a dry run says what it would leave out, and changes nothing', async () => {
    await start();
    mixed();

    expect(await run('--code', 'Lambda.FunctionError', '--dry-run', '--json')).toBe(1);

    expect(terminal.documents()).toMatchObject([
      { outcome: 'planned', records: 1, message: expect.stringMatching('^2 records with another') },
    ]);
    expect(keys()).toEqual([`${FAILED_PREFIX}c`]);
  });

  test('what was left out is replayed later, and is not taken for what failed again', async () => {
    await start();
    mixed();
    await run('--code', 'Lambda.FunctionError');

    expect(await run('--prefix', 'replayed/left-out/')).toBe(0);

    expect(accepted()).toEqual(['c', 'no line', 'no line']);
    expect(keys()).toEqual([`${REPLAYED_PREFIX}c`, leftOut.replace('left-out', 'later')].sort());
    terminal = recordedTerminal();
    await run('--json');
    expect(outcomes()).toEqual([]);
  });

  test('loses nothing where it ends half-way, and goes on the next time', async () => {
    await start();
    mixed();
    account.s3.failsWith = ({ operation, key }) =>
      operation === 'copy' && key === `${REPLAYED_PREFIX}c` ? 403 : undefined;

    expect(await run('--code', 'Lambda.FunctionError')).toBe(1);
    expect(keys()).toEqual([`${FAILED_PREFIX}c`, leftOut].sort());
    account.s3.failsWith = undefined;
    expect(await run('--code', 'Lambda.FunctionError')).toBe(1);

    expect(keys()).toEqual([`${REPLAYED_PREFIX}c`, leftOut].sort());
    expect(textOf(leftOut)).toBe(`${unreadable}\n${unreadable}\n`);
  });

  test('may name several', async () => {
    await start();
    account.s3.objects.set(`${FAILED_PREFIX}c`, failedObject([unreadable, failedLine('c')]));
    const codes = ['Lambda.FunctionError', 'Lambda.ProcessingFailedStatus'];

    expect(await run(...codes.flatMap((code) => ['--code', code]))).toBe(0);

    expect(accepted()).toEqual(['no line', 'c']);
  });
});

describe('failed records', () => {
  test('are replayed as they were, from plain and from compressed objects', async () => {
    await start();
    add('a', payloads('a', 2));
    add('b.gz', payloads('b', 3), { isGzip: true });

    expect(await run()).toBe(0);

    expect(accepted()).toEqual([...payloads('a', 2), ...payloads('b', 3)]);
    expect(account.firehose.requests[0]?.DeliveryStreamName).toBe(STREAM_NAME);
  });

  test('go in batches that a call can take', async () => {
    await start();
    add('many', payloads('many', 1_201));
    const megabyte = 'x'.repeat(1_000_000);
    add('large', Array(6).fill(megabyte));

    await run();

    // The server refuses a call over any of the service's limits.
    expect(accepted()).toHaveLength(1_207);
    expect(account.firehose.requests.map(({ Records }) => Records.length)).toEqual([
      4, 2, 500, 500, 201,
    ]);
  });

  test('that the stream refuses are put again until it takes them', async () => {
    await start({ firehose: { refuses: (call, position) => call < 3 && position % 2 === 1 } });
    add('a', payloads('a', 8));

    expect(await run()).toBe(0);

    expect(accepted().sort()).toEqual(payloads('a', 8));
  });

  test('that carry no envelope of a failed one stay untouched', async () => {
    await start();
    account.s3.objects.set(`${FAILED_PREFIX}odd`, failedObject([failedLine('x'), '{"a":1}']));
    add('plain', ['y']);

    expect(await run('--json')).toBe(1);

    expect(terminal.documents()).toMatchObject([
      { outcome: 'left', message: 'line 2 is no failed record as Firehose writes them' },
      { outcome: 'replayed' },
    ]);
    expect(accepted()).toEqual(['y']);
    expect(keys()).toEqual([`${FAILED_PREFIX}odd`, `${REPLAYED_PREFIX}plain`]);
  });
});

describe('an object', () => {
  test('is moved once the stream has all of its records', async () => {
    await start();
    add('a', payloads('a', 2));
    const { body } = account.s3.objects.get(`${FAILED_PREFIX}a`) ?? {};

    await run();

    expect(keys()).toEqual([`${REPLAYED_PREFIX}a`]);
    expect(account.s3.objects.get(`${REPLAYED_PREFIX}a`)?.body).toEqual(body);
  });

  test('stays where the stream does not take everything', async () => {
    await start({ firehose: { failsWith: { status: 400, type: 'ResourceNotFoundException' } } });
    add('a', payloads('a', 2));
    add('b', payloads('b', 2));

    expect(await run('--json')).toBe(1);

    expect(outcomes()).toEqual(['failed', 'not reached']);
    expect(keys()).toEqual([`${FAILED_PREFIX}a`, `${FAILED_PREFIX}b`]);
  });

  test('stays where its copy is not what it was', async () => {
    await start();
    add('a', payloads('a', 2));
    account.s3.failsWith = ({ operation, key }) => {
      if (operation === 'head') {
        account.s3.objects.set(key, { body: Buffer.from('cut'), lastModified: new Date() });
      }
      return undefined;
    };

    expect(await run('--json')).toBe(1);

    expect(terminal.documents()).toMatchObject([
      { outcome: 'failed', message: expect.stringContaining('kept both') },
    ]);
    expect(keys()).toContain(`${FAILED_PREFIX}a`);
  });

  test('that was copied, but not removed, is removed without being replayed again', async () => {
    await start();
    add('a', payloads('a', 2));
    account.s3.failsWith = ({ operation }) => (operation === 'delete' ? 403 : undefined);
    expect(await run()).toBe(1);
    account.s3.failsWith = undefined;

    expect(await run()).toBe(0);

    expect(accepted()).toEqual(payloads('a', 2));
    expect(keys()).toEqual([`${REPLAYED_PREFIX}a`]);
  });
});

describe('interrupted', () => {
  test('once, it ends after the object at hand, and the next run goes on', async () => {
    await start();
    for (const name of ['a', 'b', 'c', 'd']) add(name, payloads(name, 3));
    const { child, ended } = startCommand(
      ['replay', '--stack', 'Logs', '--yes', '--rate', '100'],
      account.environment,
    );
    account.s3.failsWith = ({ operation, key }) => {
      // A first failure makes the client come back later: time for the signal to arrive.
      if (operation !== 'copy' || !key.endsWith('/b') || child.killed) return undefined;
      child.kill('SIGINT');
      return 503;
    };

    const { exitCode, stdout } = await ended;

    expect(exitCode).toBe(130);
    expect(stdout).toContain('replayed  6 records of 2 objects');
    expect(stdout).toContain('not reached  6 records of 2 objects');
    expect(await run()).toBe(0);
    expect(accepted()).toEqual(['a', 'b', 'c', 'd'].flatMap((name) => payloads(name, 3)));
  });

  test('at once, it loses nothing: the object at hand is replayed whole by the next run', async () => {
    const killed: { child?: { kill(signal: 'SIGKILL'): boolean } } = {};
    await start({
      firehose: {
        refuses: (call) => {
          if (call === 3) killed.child?.kill('SIGKILL');
          return false;
        },
      },
    });
    for (const name of ['a', 'b', 'c']) add(name, payloads(name, 1_000));
    const { child, ended } = startCommand(
      ['replay', '--stack', 'Logs', '--yes', '--rate', '100'],
      account.environment,
    );
    killed.child = child;
    expect((await ended).signal).toBe('SIGKILL');

    expect(await run()).toBe(0);

    const all = ['a', 'b', 'c'].flatMap((name) => payloads(name, 1_000));
    expect([...new Set(accepted())]).toEqual(all);
    expect(accepted().length).toBeLessThanOrEqual(all.length + 1_000);
    expect(keys()).toEqual(['a', 'b', 'c'].map((name) => REPLAYED_PREFIX + name));
  });
});

describe('records that failed again after a replay', () => {
  const failAgain = (name: string, payload: string) =>
    account.s3.objects.set(
      FAILED_PREFIX.replace('hour=08', 'hour=09') + name,
      // It arrived in the stream when it was replayed.
      failedObject([failedLine(payload, { arrivalTimestamp: Date.now() - 60_000 })]),
    );

  test('are left alone, so that nothing goes round in circles', async () => {
    await start();
    add('a', payloads('a', 2));
    await run();
    failAgain('again', payloads('a', 2)[1] ?? '');
    failAgain('new', 'never seen');
    terminal = recordedTerminal();

    expect(await run('--json')).toBe(1);

    expect(terminal.documents()).toMatchObject([
      { outcome: 'left', failedAgain: 1, message: expect.stringContaining('expected --again') },
      { outcome: 'replayed', failedAgain: 0 },
    ]);
    expect(accepted()).toEqual([...payloads('a', 2), 'never seen']);
  });

  test('are replayed where that is asked for', async () => {
    await start();
    add('a', payloads('a', 1));
    await run();
    failAgain('again', payloads('a', 1)[0] ?? '');

    expect(await run('--again')).toBe(0);

    expect(accepted()).toEqual([...payloads('a', 1), ...payloads('a', 1)]);
  });
});

describe('what failed', () => {
  test('is told by reason, and a dry run puts nothing back', async () => {
    await start();
    add('a', payloads('a', 1_500));
    const refused = {
      errorCode: 'Lambda.ProcessingFailedStatus',
      errorMessage: 'ProcessingFailed status set for record',
      attemptsMade: 1,
      arrivalTimestamp: Date.UTC(2026, 10, 19, 8, 30),
    };
    account.s3.objects.set(`${FAILED_PREFIX}b`, failedObject([failedLine('x', refused)]));

    expect(await run('--dry-run')).toBe(0);

    expect(terminal.printed).toEqual([
      '2 objects, 1,501 records, 514 kB in s3://access-logs-bucket',
      '',
      'RECORDS  FIRST             LAST  TRIES  ERROR',
      '  1,500  2026-11-19 08:00            4  Lambda.FunctionError',
      '    The Lambda function was successfully invoked but it returned an error result.',
      '      1  2026-11-19 08:30            1  Lambda.ProcessingFailedStatus',
      '    ProcessingFailed status set for record',
      '',
      '! 1 record could not be read by the function, and will not be now,',
      '  unless it has changed; --code Lambda.FunctionError leaves them out',
      '',
      'to replay  1,501 records of 2 objects',
    ]);
    expect(accepted()).toEqual([]);
    expect(keys()).toHaveLength(2);
  });

  test('is limited to a time and a prefix', async () => {
    await start();
    add('old', ['old']);
    const recent = { ...failedObject([failedLine('recent')]), lastModified: new Date() };
    account.s3.objects.set(`${FAILED_PREFIX}recent`, recent);
    account.s3.objects.set(`${FAILED_PREFIX.replace('hour=08', 'hour=09')}other`, recent);

    await run('--since', '2h', '--prefix', FAILED_PREFIX);

    expect(accepted()).toEqual(['recent']);
  });

  test('may be nothing', async () => {
    await start();

    expect(await run()).toBe(0);

    expect(terminal.printed).toEqual(['nothing failed']);
  });

  test('is never printed itself', async () => {
    await start();
    account.s3.objects.set(
      `${FAILED_PREFIX}a`,
      failedObject([failedLine('secret-payload'), 'secret-line']),
    );

    await run();
    await run('--json');

    expect([...terminal.printed, ...terminal.warned].join('\n')).not.toMatch(/secret-/);
  });
});

const refused: { title: string; args: string[]; message: RegExp }[] = [
  { title: 'a time that is none', args: ['--since', 'soon'], message: /--since: got "soon"/ },
  { title: 'a rate of nothing', args: ['--rate', '0'], message: /--rate: got "0", expected MiB/ },
  {
    title: 'a prefix under which delivered logs are',
    args: ['--prefix', ''],
    message: /--prefix: got "", expected errors\/ or more/,
  },
];

describe('refuses', () => {
  for (const { title, args, message } of refused) {
    test(title, async () => {
      await start();

      await expect(run(...args)).rejects.toThrow(message);
    });
  }

  test('to put anything back without a terminal to ask on', async () => {
    await start();
    add('a', ['x']);

    await expect(replay(['--stack', 'Logs'], terminal)).rejects.toThrow(/expected --yes/);

    expect(accepted()).toEqual([]);
  });
});
