import { alarmingIn } from '../../../analytics/audit/alarming';
import { byLetters } from '../../../analytics/audit/event-records';
import { historyOf } from '../../../analytics/audit/history';
import { readEvent } from '../../../analytics/audit/read-event';
import { trailRecord } from '../../support/trail-records';

const OWN = 'arn:aws:firehose:eu-west-1:1:deliverystream/amazon-apigateway-ours';
const OTHER = 'arn:aws:firehose:eu-west-1:1:deliverystream/amazon-apigateway-theirs';

/** What the last of some calls sets off. */
function setOff(...records: object[]) {
  const events = records.flatMap((record) => {
    const reading = readEvent(byLetters(record));
    return reading.kind === 'event' ? [reading.event] : [];
  });
  const [event, change] = [events.at(-1), historyOf(events).changes.at(-1)];
  if (!event || !change) throw new Error('no call');
  return alarmingIn(change, event, (arn) => arn === OWN);
}

const at = (hour: number) => `2026-11-20T${String(hour).padStart(2, '0')}:00:00Z`;
const stage = (hour: number, ...patchOperations: object[]) =>
  trailRecord('UpdateStage', {
    time: at(hour),
    request: { restApiId: 'a1', stageName: 'prod', patchOperations },
  });
const logTo = (hour: number, value: string) =>
  stage(hour, { op: 'replace', path: '/accessLogSettings/destinationArn', value });
const plan = (hour: number, path: string, value: string) =>
  trailRecord('UpdateUsagePlan', {
    time: at(hour),
    request: { usagePlanId: 'p1', patchOperations: [{ op: 'replace', path, value }] },
  });
const created = trailRecord('CreateUsagePlan', {
  time: at(0),
  request: { quota: { limit: 100, period: 'MONTH' }, throttle: { rateLimit: 5 } },
  response: { id: 'p1' },
});

describe('somebody is woken for', () => {
  test.each<[string, object[]]>([
    ['a log that is switched off', [stage(1, { op: 'remove', path: '/accessLogSettings' })]],
    [
      'that of an HTTP API',
      [trailRecord('DeleteAccessLogSettings', { request: { apiId: 'h1', stageName: 'x' } })],
    ],
    ['a destination that is emptied', [logTo(1, OWN), logTo(2, '')]],
    ['a log that goes elsewhere', [logTo(1, OWN), logTo(2, OTHER)]],
    ['a log that may have gone elsewhere before', [logTo(2, OTHER)]],
  ])('%s', (_, records) => expect(setOff(...records)).toEqual(['access log lost']));

  test.each<[string, object[]]>([
    ['a higher quota', [created, plan(1, '/quota/limit', '101')]],
    ['a faster rate', [created, plan(1, '/throttle/rateLimit', '6')]],
    ['the same quota each day', [created, plan(1, '/quota/period', 'DAY')]],
    ['a limit that may have been lower', [plan(1, '/quota/limit', '101')]],
    [
      'no limit any more',
      [
        created,
        trailRecord('UpdateUsagePlan', {
          time: at(1),
          request: { usagePlanId: 'p1', patchOperations: [{ op: 'remove', path: '/quota' }] },
        }),
      ],
    ],
  ])('%s', (_, records) => expect(setOff(...records)).toEqual(['limit raised']));

  test.each<[string, string, object]>([
    ['all values of keys', 'GetApiKeys', { includeValues: true }],
    ['one value', 'GetApiKey', { apiKey: 'abcdef1234', includeValue: true }],
    ['keys of a plan, which come with their values', 'GetUsagePlanKeys', { usagePlanId: 'p1' }],
  ])('%s', (_, name, request) =>
    expect(setOff(trailRecord(name, { request }))).toEqual(['key values read']),
  );
});

describe('nobody is woken for', () => {
  test.each<[string, object[]]>([
    ['a log that comes here', [logTo(1, OTHER), logTo(2, OWN)]],
    ['a log that came here before', [logTo(2, OWN)]],
    ['a log that stays', [logTo(1, OTHER), logTo(2, OTHER)]],
    [
      'a first log, to wherever',
      [
        trailRecord('CreateStage', {
          time: at(0),
          request: { restApiId: 'a1', stageName: 'prod' },
        }),
        logTo(1, OTHER),
      ],
    ],
    ['a lower quota', [created, plan(1, '/quota/limit', '99')]],
    ['a slower rate', [created, plan(1, '/throttle/rateLimit', '4')]],
    ['a new name', [created, plan(1, '/name', 'Gold')]],
    [
      'keys without their values',
      [trailRecord('GetApiKeys', { request: { includeValues: false } })],
    ],
    [
      'what was refused',
      [{ ...stage(1, { op: 'remove', path: '/accessLogSettings' }), errorCode: 'AccessDenied' }],
    ],
  ])('%s', (_, records) => expect(setOff(...records)).toEqual([]));
});
