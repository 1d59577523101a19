import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { audit } from '../../../cli/audit/audit';
import { recordedTerminal } from '../../support/recorded-terminal';
import { KEY_VALUE, roleIdentity, trailRecord } from '../../support/trail-records';

const day = (number: number, hour = 0) =>
  `2026-11-${String(number).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00Z`;
const eva = {
  userIdentity: { ...roleIdentity('Ops', 'eva', 'true') },
  sourceIPAddress: '198.51.100.7',
};
const bob = {
  userIdentity: {
    type: 'IAMUser',
    userName: 'bob',
    arn: 'arn:aws:iam::123456789012:user/bob',
    accountId: '123456789012',
  },
  sourceIPAddress: '203.0.113.9',
};

const log = (destinationArn: string) => [
  { op: 'replace', path: '/accessLogSettings/destinationArn', value: destinationArn },
];

const records = [
  trailRecord('CreateUsagePlan', {
    time: day(1),
    request: { createUsagePlanInput: { name: 'Gold', quota: { limit: 1000, period: 'MONTH' } } },
    response: { id: 'p1', name: 'Gold', quota: { limit: 1000, period: 'MONTH' } },
  }),
  trailRecord('CreateApiKey', {
    time: day(2),
    request: { createApiKeyInput: { name: 'ACME', value: KEY_VALUE, enabled: true } },
    response: { id: 'k1', name: 'ACME', value: KEY_VALUE, enabled: true },
    more: eva,
  }),
  trailRecord('CreateUsagePlanKey', {
    time: day(2, 1),
    request: { usagePlanId: 'p1', createUsagePlanKeyInput: { keyId: 'k1', keyType: 'API_KEY' } },
    more: eva,
  }),
  trailRecord('UpdateUsagePlan', {
    time: day(3),
    request: {
      usagePlanId: 'p1',
      patchOperations: [{ op: 'replace', path: '/quota/limit', value: '5000' }],
    },
    more: bob,
  }),
  trailRecord('UpdateStage', {
    time: day(4),
    request: { restApiId: 'a1', stageName: 'prod', patchOperations: log('arn:1') },
  }),
  trailRecord('UpdateStage', {
    time: day(5),
    request: {
      restApiId: 'a1',
      stageName: 'prod',
      patchOperations: [{ op: 'remove', path: '/accessLogSettings' }],
    },
    more: bob,
  }),
  trailRecord('UpdateStage', {
    time: day(5, 6),
    request: { restApiId: 'a1', stageName: 'prod', patchOperations: log('arn:1') },
  }),
  trailRecord('GetApiKeys', { time: day(6), request: { includeValues: true }, more: bob }),
  trailRecord('DeleteApiKey', {
    time: day(7),
    request: { apiKey: 'k1' },
    more: { ...bob, errorCode: 'AccessDenied', errorMessage: `no \u001b[31m "${KEY_VALUE}"` },
  }),
  trailRecord('DeleteApiKey', { time: day(8), request: { apiKey: 'k1' }, more: eva }),
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trail-'));
  const digests = join(folder, 'CloudTrail-Digest', '2026');
  mkdirSync(digests, { recursive: true });
  writeFileSync(join(digests, 'digest.json'), '{"digestStartTime":"x"}');
  const half = Math.floor(records.length / 2);
  const file = (part: object[]) => gzipSync(JSON.stringify({ Records: part }));
  writeFileSync(join(folder, 'late.json.gz'), file(records.slice(half)));
  writeFileSync(join(folder, 'early.json.gz'), file(records.slice(0, half + 1)));
  writeFileSync(join(folder, 'cut.json.gz'), file(records).subarray(0, 60));
  writeFileSync(
    join(folder, 'events.json'),
    `${JSON.stringify({ detail: records[0] })}\nno record\n`,
  );
  writeFileSync(
    join(folder, 'other.json'),
    JSON.stringify({
      Records: [
        { ...records[0], eventSource: 'ec2.amazonaws.com' },
        { ...records[1], eventSource: 'x' },
      ],
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...options: string[]) {
  const terminal = recordedTerminal();
  const exitCode = await audit([folder, ...options], terminal);
  return { exitCode, text: terminal.printed.join('\n'), warned: terminal.warned, terminal };
}

async function json(...options: string[]) {
  const { terminal } = await run('--json', ...options);
  return JSON.parse(terminal.printed.join('')) as {
    changes: Record<string, unknown>[];
    findings: Record<string, Record<string, unknown>[]>;
    counts: object;
    unread: object[];
  };
}

test('every call is listed once, from whatever file, and what cannot be read is counted', async () => {
  const { changes, counts, unread } = await json();

  expect(changes).toHaveLength(records.length);
  expect(counts).toEqual({ files: 5, otherServices: 0, duplicates: 2, unreadable: 1 });
  expect(unread).toEqual([
    {
      name: join(folder, 'cut.json.gz'),
      reason: 'the gzip is cut short from its start: nothing could be read',
    },
  ]);
});

test('a key by its name, from who made it to who deleted it', async () => {
  const { exitCode, text } = await run('--key', 'ACME');

  expect(exitCode).toBe(0);
  expect(
    text.split('\n').filter((line) => /^\d+ Nov \d+, [\d:]+ +(Create|Delete)/.test(line)),
  ).toEqual([
    expect.stringMatching(/2 Nov.*CreateApiKey +key ACME \(k1\) +Ops\/eva +198\.51\.100\.7$/),
    expect.stringMatching(/2 Nov.*CreateUsagePlanKey +key ACME \(k1\), plan Gold \(p1\) +Ops\/eva/),
    expect.stringMatching(/7 Nov.*DeleteApiKey +key ACME \(k1\) +bob +203\.0\.113\.9$/),
    expect.stringMatching(/8 Nov.*DeleteApiKey +key ACME \(k1\) +Ops\/eva/),
  ]);
  expect(text).toContain('failed: AccessDenied');
});

test('every change of a plan with what was there before, of records before the time asked for too', async () => {
  const { text } = await run('--plan', 'Gold', '--since', '2026-11-03');

  expect(text).toContain('quota raised | quota.limit: 1000 → 5000');
  expect(text).not.toContain('CreateUsagePlan');
});

test('who read key values, who changed things from outside the deploying role, and without MFA', async () => {
  const { findings } = await json('--deploy-role', 'Deploy');
  const told = (name: string) => findings[name]?.map(({ actor, calls }) => [actor, calls]);

  expect(told('valuesRead')).toEqual([['bob', 1]]);
  expect(told('outsideDeployRole')).toEqual([
    ['Ops/eva', 3],
    ['bob', 3],
  ]);
  expect(told('withoutMfa')).toEqual([
    ['Deploy/pipeline-7', 3],
    ['bob', 3],
  ]);
});

test('the hours that a stage was dark, whoever ended them', async () => {
  const dark = [
    expect.objectContaining({
      api_id: 'a1',
      stage: 'prod',
      what: 'access log off',
      hours: 6,
      actor: 'bob',
    }),
  ];

  expect((await json()).findings['darkStages']).toEqual(dark);
  expect((await json('--user', 'bob')).findings['darkStages']).toEqual(dark);
  expect((await json('--user', 'Ops')).findings['darkStages']).toEqual([]);
});

test('nothing printed holds the value of a key, or steers the terminal', async () => {
  const { text, terminal } = await run();
  const { terminal: asJson } = await run('--json');

  for (const printed of [text, terminal.warned.join(), asJson.printed.join()]) {
    expect(printed).not.toContain(KEY_VALUE);
  }
  expect(text).not.toContain('\u001b');
});

test('nothing found is told by the exit code', async () => {
  expect((await run('--user', 'nobody')).exitCode).toBe(1);
});

test('a time that is none is refused by the name of its option', async () => {
  await expect(audit([folder, '--since', 'soon'], recordedTerminal())).rejects.toThrow(
    '--since: got "soon", expected such as',
  );
  await expect(audit([], recordedTerminal())).rejects.toThrow('expected a SOURCE');
});

describe('what is no trail is told in one line', () => {
  const fileOf = (content: string) => {
    const file = join(mkdtempSync(join(tmpdir(), 'no-trail-')), 'file');
    writeFileSync(file, content);
    return file;
  };

  test.each([
    ['lines of a log', '{"requestId":"a","status":"200"}\nplain text\n'],
    ['nothing', ''],
    ['blanks', ' \n\n'],
    ['another document', '{"openapi":"3.0.1"}'],
  ])('%s', async (_, content) => {
    const file = fileOf(content);

    await expect(audit([file], recordedTerminal())).rejects.toThrow(
      `no record of CloudTrail in ${file}: expected files of a trail`,
    );
  });

  test.each([
    ['a trail without records', '{"Records":[]}'],
    ['an answer without events', '{"Events": []}'],
    ['records of other services', JSON.stringify({ Records: [{ eventSource: 's3' }] })],
  ])('but %s is one', async (_, content) => {
    const terminal = recordedTerminal();

    expect(await audit([fileOf(content)], terminal)).toBe(1);
    expect(terminal.warned.join()).toContain('duplicates: 0, not readable: 0');
  });
});
