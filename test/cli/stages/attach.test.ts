import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attach } from '../../../cli/stages/attach';
import { detach } from '../../../cli/stages/detach';
import { logFormat } from '../../../lambda/core/format/known/log-format';
import {
  type AwsAccount,
  type AwsAccountOptions,
  ROLE_ARN,
  STREAM_ARN,
  STREAM_NAME,
  startAwsAccount,
} from '../../support/aws-account';
import { startCommand } from '../../support/command-process';
import { recordedTerminal } from '../../support/recorded-terminal';
import { mixedApis, OWN_FORMAT, OWN_GROUP, restApis } from '../../support/stages';

const LOG_GROUP = `/aws/vendedlogs/${STREAM_NAME}`;
const LOG_GROUP_ARN = `arn:aws:logs:eu-west-1:123456789012:log-group:${LOG_GROUP}`;

let account: AwsAccount;
let terminal: ReturnType<typeof recordedTerminal>;

async function start(options: AwsAccountOptions = {}) {
  account = await startAwsAccount({
    apis: mixedApis(),
    cloudwatchRoleArn: 'arn:aws:iam::123456789012:role/ApiGatewayLogs',
    ...options,
  });
  terminal = recordedTerminal();
}

afterEach(() => account.close());

const run = (...args: string[]) => attach(['--stack', 'Logs', '--yes', ...args], terminal);
const logOf = (apiId: string, stage: string) =>
  account.apis.find(({ id }) => id === apiId)?.stages[stage];
const updates = () => account.controlPlane.calls.filter(({ method }) => method !== 'GET');
const outcomes = () =>
  terminal
    .documents<{ apiId: string; stage: string; outcome: string; message?: string }>()
    .map(({ apiId, stage, outcome }) => `${apiId} ${stage} ${outcome}`);
const formatFile = (content: string) => {
  const file = join(mkdtempSync(join(tmpdir(), 'format-')), 'format.txt');
  writeFileSync(file, content);
  return file;
};

describe('a REST stage', () => {
  test('logs to the stream, in the recommended format', async () => {
    await start();

    expect(await run('--api', 'rest1', '--stage', 'prod')).toBe(0);

    expect(logOf('rest1', 'prod')).toEqual({
      destinationArn: STREAM_ARN,
      format: logFormat('REST'),
    });
  });

  test('is no success where API Gateway says that it is updated, and leaves it as it was', async () => {
    await start({ ignoresUpdates: true });

    expect(await run('--api', 'rest1', '--stage', 'prod', '--json')).toBe(1);

    expect(terminal.documents()).toMatchObject([
      {
        outcome: 'failed',
        message: expect.stringContaining('the stage logs to log group /own/ord'),
      },
    ]);
  });

  test('leaves every stage that is not named as it was', async () => {
    await start();

    await run('--api', 'rest1', '--stage', 'prod', '--api', 'ws1');

    expect(logOf('rest1', 'dev')).toBeUndefined();
    expect(logOf('http1', '$default')).toBeUndefined();
    expect(updates()).toHaveLength(2);
  });

  test('keeps its format where that is wanted', async () => {
    await start();

    await run('--api', 'rest1', '--keep-format');

    expect(logOf('rest1', 'prod')?.format).toBe(OWN_FORMAT);
    expect(logOf('rest1', 'dev')?.format).toBe(logFormat('REST'));
  });

  test('takes a format from a file, without the newline at its end', async () => {
    await start();

    await run('--api', 'rest1', '--format', formatFile('$context.requestId $context.status\n'));

    expect(logOf('rest1', 'dev')?.format).toBe('$context.requestId $context.status');
  });

  test('is left alone when it was changed between the question and the answer', async () => {
    await start();
    account.controlPlane.fault = ({ path, method }) => {
      const isReadBeforeChange = method === 'GET' && path === '/restapis/rest1/stages/prod';
      const api = account.apis[0];
      if (isReadBeforeChange && api) {
        api.stages['prod'] = { destinationArn: OWN_GROUP, format: '$context.requestId' };
      }
      return undefined;
    };

    expect(await run('--api', 'rest1', '--stage', 'prod', '--json')).toBe(1);

    expect(terminal.documents()).toMatchObject([
      { outcome: 'failed', message: expect.stringContaining('somebody else has changed') },
    ]);
    expect(updates()).toEqual([]);
  });
});

describe('HTTP and WebSocket stages', () => {
  test('log to a log group that passes everything on to the stream', async () => {
    await start();

    expect(await run('--api', 'http1', '--api', 'ws1')).toBe(0);

    expect(logOf('http1', '$default')).toEqual({
      destinationArn: LOG_GROUP_ARN,
      format: logFormat('HTTP'),
    });
    expect(logOf('ws1', 'live')?.format).toBe(logFormat('WEBSOCKET'));
    expect(account.logs.groups.get(LOG_GROUP)).toEqual({
      retentionInDays: 14,
      filters: [
        {
          filterName: STREAM_NAME,
          filterPattern: '',
          destinationArn: STREAM_ARN,
          roleArn: ROLE_ARN,
        },
      ],
    });
  });

  test('leave the retention of a log group that is there', async () => {
    await start();
    account.logs.groups.set('/shared', { retentionInDays: 400, filters: [] });

    await run('--api', 'http1', '--log-group', '/shared', '--retention', '7');

    expect(account.logs.groups.get('/shared')).toMatchObject({
      retentionInDays: 400,
      filters: [{ destinationArn: STREAM_ARN }],
    });
  });

  test('need a role', async () => {
    await start({ stacks: { Logs: { StreamArn: STREAM_ARN, BucketName: 'access-logs-bucket' } } });

    await expect(run('--all')).rejects.toThrow(/expected --role ARN.*--type REST/);

    expect(await run('--all', '--type', 'rest')).toBe(0);
  });

  test('fail alone where the log group cannot be had', async () => {
    await start();
    const taken = { filterName: 'a', destinationArn: 'b', roleArn: 'c' };
    account.logs.groups.set(LOG_GROUP, { filters: [taken, taken] });

    expect(await run('--all', '--json')).toBe(1);

    expect(outcomes()).toEqual([
      'ws1 live failed',
      'rest1 prod changed',
      'rest1 dev changed',
      'http1 $default failed',
    ]);
  });

  test('of WebSocket APIs need the role of the account, and say how to make it', async () => {
    await start({ cloudwatchRoleArn: undefined });

    await expect(run('--api', 'ws1')).rejects.toThrow(/aws apigateway update-account/);

    expect(await run('--api', 'http1')).toBe(0);
  });
});

describe('what is going to change', () => {
  test('is shown, and nothing is changed by a dry run', async () => {
    await start();

    expect(await run('--api', 'rest1', '--stage', 'prod', '--dry-run')).toBe(0);

    expect(terminal.printed).toEqual([
      'orders prod  REST rest1',
      '  - log group /own/orders',
      `  + stream ${STREAM_NAME}`,
      `  - ${OWN_FORMAT}`,
      `  + ${logFormat('REST')}`,
      '  ! no longer logged: identity.caller',
      '',
      '1 to change',
    ]);
    expect(updates()).toEqual([]);
    expect(account.s3.objects.size).toBe(0);
  });

  test('tells of a stack that manages the API, and of secrets in the format', async () => {
    const tags = { 'aws:cloudformation:stack-name': 'OrdersStack' };
    await start({ apis: [{ ...(restApis(1)[0] as ReturnType<typeof restApis>[number]), tags }] });
    const format = formatFile('$context.requestId $context.identity.apiKey');

    await run('--all', '--format', format, '--dry-run');

    expect(terminal.printed).toEqual(
      expect.arrayContaining([
        '  ! cannot be attributed without: identity.apiKeyId, apiId, stage',
        '  ! logs the values of API keys',
        '  ! stack OrdersStack manages this API: change it there as well',
      ]),
    );
  });

  test('is not carried out without a terminal to ask on', async () => {
    await start();

    const unasked = attach(['--stack', 'Logs', '--api', 'rest1'], terminal);

    await expect(unasked).rejects.toThrow(/expected --yes/);
    expect(updates()).toEqual([]);
  });
});

describe('a second run', () => {
  test('finds everything attached and changes nothing', async () => {
    await start();
    await run('--all');
    const before = updates().length;
    terminal = recordedTerminal();

    expect(await run('--all', '--json')).toBe(0);

    expect(outcomes().every((outcome) => outcome.endsWith('unchanged'))).toBe(true);
    expect(updates()).toHaveLength(before);
  });

  test('with another log group does not forget what was there first', async () => {
    await start();
    const api = account.apis.find(({ id }) => id === 'http1');
    if (api) api.stages['$default'] = { destinationArn: OWN_GROUP, format: OWN_FORMAT };
    await run('--api', 'http1');

    await run('--api', 'http1', '--log-group', '/other');
    await detach(['--stack', 'Logs', '--yes', '--api', 'http1'], terminal);

    expect(logOf('http1', '$default')).toEqual({ destinationArn: OWN_GROUP, format: OWN_FORMAT });
  });

  test('goes on behind a failure in the middle', async () => {
    await start({ apis: restApis(3) });
    account.controlPlane.fault = ({ path, method }) =>
      method === 'PATCH' && path.includes('rest1')
        ? { status: 403, errorType: 'AccessDeniedException', message: 'not authorized' }
        : undefined;
    expect(await run('--all', '--json')).toBe(1);
    expect(outcomes()).toEqual(['rest0 prod changed', 'rest1 prod failed', 'rest2 prod changed']);

    account.controlPlane.fault = undefined;
    terminal = recordedTerminal();

    expect(await run('--all', '--json')).toBe(0);
    expect(outcomes()).toEqual([
      'rest0 prod unchanged',
      'rest2 prod unchanged',
      'rest1 prod changed',
    ]);
  });

  test('goes on where Ctrl-C ended the first', async () => {
    await start({ apis: restApis(6) });
    const { child, ended } = startCommand(
      ['attach', '--stack', 'Logs', '--all', '--yes'],
      account.environment,
    );
    account.controlPlane.fault = ({ method, path }) => {
      if (method !== 'PATCH' || !path.includes('rest2')) return undefined;
      child.kill('SIGINT');
      // Time for the signal to arrive before the answer does.
      return { latencyMs: 1_000 };
    };

    const { exitCode, stdout, stderr } = await ended;

    expect(exitCode).toBe(130);
    expect(stderr).toContain('finishing the stage at hand');
    expect(stdout).toContain('3 attached, 3 not reached');
    expect(updates()).toHaveLength(3);
    account.controlPlane.fault = undefined;
    expect(await run('--all')).toBe(0);
    expect(updates()).toHaveLength(6);
  });

  test('finds its way after an end without any warning', async () => {
    await start({ apis: [mixedApis()[0] as ReturnType<typeof mixedApis>[number]] });
    const { child, ended } = startCommand(
      ['attach', '--stack', 'Logs', '--api', 'rest1', '--stage', 'prod', '--yes'],
      account.environment,
    );
    // The note is written, the stage is not changed.
    account.controlPlane.fault = ({ method }) => {
      if (method !== 'PATCH') return undefined;
      child.kill('SIGKILL');
      return { hangUp: 'before' };
    };
    expect((await ended).signal).toBe('SIGKILL');
    account.controlPlane.fault = undefined;
    expect(logOf('rest1', 'prod')?.destinationArn).toBe(OWN_GROUP);

    await run('--api', 'rest1', '--stage', 'prod');
    await detach(['--stack', 'Logs', '--yes', '--all'], terminal);

    expect(logOf('rest1', 'prod')).toEqual({ destinationArn: OWN_GROUP, format: OWN_FORMAT });
  });
});

test('gets through while the control plane throttles', async () => {
  await start({
    apis: restApis(4),
    controlPlane: { throttle: { ratePerSecond: 20, burst: 3 } },
  });

  expect(await run('--all')).toBe(0);

  const throttled = account.controlPlane.calls.filter(({ status }) => status === 429);
  expect(throttled.length).toBeGreaterThan(0);
  expect(account.apis.map(({ stages }) => stages['prod']?.destinationArn)).toEqual(
    Array(4).fill(STREAM_ARN),
  );
});

test('two operators at once do not overwrite each other’s note', async () => {
  await start();
  account.s3.failsWith = ({ operation, key }) => {
    // The other one has just written his.
    if (operation === 'put' && !account.s3.objects.has(key)) {
      account.s3.objects.set(key, { body: Buffer.from('{}'), lastModified: new Date() });
    }
    return undefined;
  };

  expect(await run('--api', 'rest1', '--stage', 'prod', '--json')).toBe(1);

  expect(terminal.documents()).toMatchObject([
    { outcome: 'failed', message: expect.stringContaining('somebody else attaches this stage') },
  ]);
  expect(updates()).toEqual([]);
});

const refused: { title: string; args: string[]; message: RegExp }[] = [
  { title: 'no stages', args: [], message: /which stages\? expected --api ID/ },
  {
    title: 'an API that is not there',
    args: ['--api', 'x'],
    message: /--api: got "x", expected one of: ws1, rest1, http1/,
  },
  {
    title: 'a stage that is not there',
    args: ['--api', 'rest1', '--stage', 'x'],
    message: /--stage: API rest1 has no "x", it has: prod, dev/,
  },
  {
    title: 'a retention that CloudWatch Logs does not know',
    args: ['--all', '--retention', '10'],
    message: /--retention: got "10", expected one of 1, 3, 5/,
  },
  {
    title: 'a format for several types of APIs',
    args: ['--all', '--format', formatFile('$context.requestId')],
    message: /--format: got stages of WEBSOCKET and REST and HTTP APIs/,
  },
  {
    title: 'a format file that is not there',
    args: ['--all', '--format', 'nope.txt'],
    message: /^--format: cannot read nope.txt: no such file or directory$/,
  },
  {
    title: 'a format of several lines',
    args: ['--all', '--format', formatFile('$context.requestId\n$context.status')],
    message: /has several lines, expected one/,
  },
  {
    title: 'a format without a request id',
    args: ['--all', '--format', formatFile('$context.status')],
    message: /neither \$context.requestId nor \$context.extendedRequestId/,
  },
  {
    title: 'a format that is too long',
    args: ['--all', '--format', formatFile('$context.requestId'.padEnd(4000))],
    message: /has 4000 bytes, expected at most 3072/,
  },
];

describe('refuses', () => {
  for (const { title, args, message } of refused) {
    test(title, async () => {
      await start();

      await expect(run(...args)).rejects.toThrow(message);
      expect(updates()).toEqual([]);
    });
  }
});
