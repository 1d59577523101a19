import { readMessage } from '../../../lambda/crawler/message';
import { accountEvent } from '../../support/account-changes';

function messageOf(body: unknown) {
  return readMessage(typeof body === 'string' ? body : JSON.stringify(body));
}

test('an event tells when and of which ids, wherever they stand in it', () => {
  const at = new Date('2026-11-20T10:00:00Z');
  const parameters = { usagePlanId: 'p1', createUsagePlanKeyInput: { keyId: 'k1' } };

  const message = messageOf(accountEvent('CreateUsagePlanKey', parameters, at));

  expect(message).toMatchObject({ kind: 'change', at: at.getTime(), event: { dates: 'added' } });
  expect(message.kind === 'change' && [...message.mentions]).toEqual(['p1', 'k1']);
});

test('an ARN mentions what it names', () => {
  const arn = 'arn:aws:apigateway:eu-west-1::/usageplans/p1';

  const message = messageOf(accountEvent('TagResource', { resourceArn: arn }));

  expect(message.kind === 'change' && message.mentions.has('p1')).toBe(true);
});

const cases = [
  { title: 'a missing key', body: { unknownKey: 'k1' }, message: { kind: 'key', keyId: 'k1' } },
  { title: 'the schedule', body: { source: 'aws.events' }, message: { kind: 'look' } },
  {
    title: 'what a look has left',
    body: { look: { generation: 7, left: ['p1'] } },
    message: { kind: 'rest', look: { generation: 7, left: ['p1'] } },
  },
  { title: 'half a rest of a look', body: { look: { left: 1 } }, message: { kind: 'look' } },
  { title: 'no JSON', body: 'hello', message: { kind: 'look' } },
  { title: 'null', body: null, message: { kind: 'look' } },
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
    message: { kind: 'look' },
  },
];
for (const { title, body, message } of cases) {
  test(`${title} means ${JSON.stringify(message)}`, () => {
    expect(messageOf(body)).toEqual(message);
  });
}
