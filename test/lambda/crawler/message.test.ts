import { readMessage } from '../../../lambda/crawler/message';
import { accountEvent } from '../../support/account-changes';

function messageOf(body: unknown) {
  return readMessage(typeof body === 'string' ? body : JSON.stringify(body));
}

test('an event tells when and of which ids, wherever they stand in it', () => {
  const at = new Date('2026-11-20T10:00:00Z');
  const parameters = { usagePlanId: 'p1', createUsagePlanKeyInput: { keyId: 'k1' } };

  const message = messageOf(accountEvent('CreateUsagePlanKey', parameters, at));

  expect(message).toMatchObject({
    kind: 'change',
    at: at.getTime(),
    event: { dates: 'key added' },
    keyId: 'k1',
  });
  expect(message.kind === 'change' && [...message.mentions]).toEqual(['p1', 'k1']);
});

test('an ARN mentions what it names', () => {
  const arn = 'arn:aws:apigateway:eu-west-1::/usageplans/p1';

  const message = messageOf(accountEvent('TagResource', { resourceArn: arn }));

  expect(message.kind === 'change' && message.mentions.has('p1')).toBe(true);
});

test('an event that is nested without an end is read as far as is needed', () => {
  const deep = JSON.parse('['.repeat(500) + ']'.repeat(500));

  const message = messageOf(accountEvent('DeleteApiKey', { apiKey: 'k1', deep }));

  expect(message).toMatchObject({ kind: 'change', keyId: 'k1' });
});

describe('stages that an event dates', () => {
  const stagesOf = (name: string, parameters: object) => {
    const message = messageOf(accountEvent(name, parameters));
    return message.kind === 'change' ? message.stages : undefined;
  };
  const patch = (op: string, path: string, value: string) => ({
    patchOperations: [{ op, path, value }],
  });
  const prod = { apiId: 'a', stage: 'prod' };

  test('are those that a patch adds or removes', () => {
    expect(stagesOf('UpdateUsagePlan', patch('add', '/apiStages', 'a:prod'))).toEqual([
      { kind: 'added', stage: prod },
    ]);
    expect(stagesOf('UpdateUsagePlan', { input: patch('REMOVE', '/apiStages', 'a:prod') })).toEqual(
      [{ kind: 'removed', stage: prod }],
    );
  });

  test('are those that a plan is made with', () => {
    expect(stagesOf('CreateUsagePlan', { apiStages: [prod] })).toEqual([
      { kind: 'added', stage: prod },
    ]);
  });

  test('are not those whose throttling is changed', () => {
    expect(
      stagesOf('UpdateUsagePlan', patch('add', '/apiStages/a:prod/throttle', 'a:prod')),
    ).toEqual([]);
    expect(stagesOf('UpdateUsagePlan', { apiStages: [prod] })).toEqual([]);
  });
});

const cases = [
  { title: 'a missing key', body: { unknownKey: 'k1' }, message: { kind: 'key', keyId: 'k1' } },
  { title: 'the schedule', body: { source: 'aws.events' }, message: { kind: 'sweep' } },
  {
    title: 'what a sweep has left',
    body: { sweep: { generation: 7, left: ['p1'] } },
    message: { kind: 'rest', sweep: { generation: 7, left: ['p1'] } },
  },
  { title: 'half a rest of a sweep', body: { sweep: { left: 1 } }, message: { kind: 'sweep' } },
  { title: 'no JSON', body: 'hello', message: { kind: 'sweep' } },
  {
    title: 'a bottomless list',
    body: '['.repeat(20_000) + ']'.repeat(20_000),
    message: { kind: 'sweep' },
  },
  {
    title: 'a snapshot that is not right',
    body: { missing: 's3://a/b' },
    message: { kind: 'check' },
  },
  {
    title: 'what is too long for a key',
    body: { unknownKey: 'k'.repeat(200) },
    message: { kind: 'nothing' },
  },
  { title: 'null', body: null, message: { kind: 'sweep' } },
  {
    title: 'a call of no interest',
    body: accountEvent('CreateDeployment', {}),
    message: { kind: 'nothing' },
  },
  {
    title: 'a call with a name that objects have',
    body: accountEvent('constructor', {}),
    message: { kind: 'nothing' },
  },
  {
    title: 'a call that was refused',
    body: { source: 'aws.apigateway', detail: { eventName: 'DeleteApiKey', errorCode: 'Denied' } },
    message: { kind: 'nothing' },
  },
  {
    title: 'an event without a time',
    body: { source: 'aws.apigateway', detail: { eventName: 'DeleteApiKey' } },
    message: { kind: 'sweep' },
  },
];
for (const { title, body, message } of cases) {
  test(`${title} means ${JSON.stringify(message)}`, () => {
    expect(messageOf(body)).toEqual(message);
  });
}
