import { byLetters } from '../../../analytics/audit/event-records';
import { historyOf } from '../../../analytics/audit/history';
import { readEvent } from '../../../analytics/audit/read-event';
import { trailRecord } from '../../support/trail-records';

function history(records: readonly object[]) {
  return historyOf(
    records.flatMap((record) => {
      const reading = readEvent(byLetters(record));
      return reading.kind === 'event' ? [reading.event] : [];
    }),
  );
}

const told = (records: readonly object[]) =>
  history(records).changes.map(({ effect, change }) => [effect, change]);

const at = (hour: number) => `2026-11-20T${String(hour).padStart(2, '0')}:00:00Z`;
const patch = (hour: number, ...patchOperations: object[]) =>
  trailRecord('UpdateUsagePlan', {
    time: at(hour),
    request: { usagePlanId: 'p1', patchOperations },
  });
const stage = (hour: number, ...patchOperations: object[]) =>
  trailRecord('UpdateStage', {
    time: at(hour),
    request: { restApiId: 'a1', stageName: 'prod', patchOperations },
  });

const created = trailRecord('CreateUsagePlan', {
  time: at(1),
  request: {
    createUsagePlanInput: {
      name: 'Gold',
      apiStages: [{ apiId: 'a1', stage: 'prod' }],
      quota: { limit: 1000, period: 'MONTH', offset: 0 },
      throttle: { rateLimit: 10, burstLimit: 20 },
    },
  },
  response: { id: 'p1', name: 'Gold' },
});

describe('every change of a plan', () => {
  // The answer to the first call says less than was asked for.
  const whole = {
    ...created,
    responseElements: {
      ...(created['requestParameters'] as { createUsagePlanInput: object }).createUsagePlanInput,
      id: 'p1',
    },
  };

  test.each<[string, object[], string, string]>([
    [
      'a higher quota',
      [{ op: 'replace', path: '/quota/limit', value: '5000' }],
      'quota raised',
      'quota.limit: 1000 → 5000',
    ],
    [
      'a lower quota',
      [{ op: 'replace', path: '/quota/limit', value: '10' }],
      'quota lowered',
      'quota.limit: 1000 → 10',
    ],
    [
      'the same each day',
      [{ op: 'replace', path: '/quota/period', value: 'DAY' }],
      'quota raised',
      'quota.period: MONTH → DAY',
    ],
    [
      'no quota',
      [{ op: 'remove', path: '/quota' }],
      'quota raised',
      'quota: limit 1000, period MONTH, offset 0 → –',
    ],
    [
      'a faster rate',
      [{ op: 'replace', path: '/throttle/rateLimit', value: '100' }],
      'throttle raised',
      'throttle.rateLimit: 10 → 100',
    ],
    [
      'a slower rate with more burst',
      [
        { op: 'replace', path: '/throttle/rateLimit', value: '1' },
        { op: 'replace', path: '/throttle/burstLimit', value: '99' },
      ],
      'throttle raised',
      'throttle.rateLimit: 10 → 1; throttle.burstLimit: 20 → 99',
    ],
    [
      'a limit for a method where none was',
      [{ op: 'replace', path: '/apiStages/a1:prod/throttle/~1pets~1GET/rateLimit', value: '1' }],
      'throttle lowered',
      'apiStages.a1:prod.throttle./pets/GET.rateLimit: – → 1',
    ],
  ])('%s', (_, operations, effect, change) => {
    expect(told([whole, patch(2, ...operations)])[1]).toEqual([effect, change]);
  });

  test('another stage', () => {
    expect(told([whole, patch(2, { op: 'add', path: '/apiStages', value: 'b2:test' })])[1]).toEqual(
      [null, 'apiStages: + b2:test'],
    );
  });

  test('is told against the one before, whatever order the records come in', () => {
    const records = [
      patch(3, { op: 'replace', path: '/quota/limit', value: '7' }),
      whole,
      patch(2, { op: 'replace', path: '/quota/limit', value: '5' }),
    ];

    expect(told(records).slice(1)).toEqual([
      ['quota lowered', 'quota.limit: 1000 → 5'],
      ['quota raised', 'quota.limit: 5 → 7'],
    ]);
  });

  test('that failed is not what was there before the next one', () => {
    const refused = {
      ...patch(2, { op: 'replace', path: '/quota/limit', value: '5' }),
      errorCode: 'TooManyRequestsException',
    };

    expect(
      told([whole, refused, patch(3, { op: 'replace', path: '/quota/limit', value: '7' })]),
    ).toEqual([
      expect.anything(),
      [null, 'quota.limit: 1000 → 5'],
      ['quota lowered', 'quota.limit: 1000 → 7'],
    ]);
  });

  test('of another account with the same id says nothing of it', () => {
    const elsewhere = {
      ...patch(2, { op: 'replace', path: '/quota/limit', value: '5' }),
      recipientAccountId: '210987654321',
    };

    expect(told([whole, elsewhere])[1]).toEqual(['quota changed', 'quota.limit: ? → 5']);
  });
});

test("a stage's access log is switched on, moved, kept and switched off", () => {
  const set = (hour: number, value: string) =>
    stage(hour, { op: 'replace', path: '/accessLogSettings/destinationArn', value });
  const first = trailRecord('CreateStage', {
    time: at(1),
    request: { restApiId: 'a1', createStageInput: { stageName: 'prod', deploymentId: 'd1' } },
  });

  expect(
    history([
      first,
      set(2, 'arn:1'),
      set(3, 'arn:1'),
      set(4, 'arn:2'),
      stage(5, { op: 'remove', path: '/accessLogSettings' }),
      stage(6, { op: 'remove', path: '/accessLogSettings' }),
      set(7, 'arn:1'),
    ]).changes.map(({ effect }) => effect),
  ).toEqual([
    'stage created',
    'access log on',
    null,
    'access log moved',
    'access log off',
    null,
    'access log on',
  ]);
});

test('of an HTTP API likewise, by other calls', () => {
  const settings = (hour: number, destinationArn: string) =>
    trailRecord('UpdateStage', {
      time: at(hour),
      request: {
        apiId: 'h1',
        stageName: 'prod',
        accessLogSettings: { destinationArn, format: 'f' },
      },
    });
  const off = trailRecord('DeleteAccessLogSettings', {
    time: at(3),
    request: { apiId: 'h1', stageName: 'prod' },
  });

  expect(told([settings(1, 'arn:1'), settings(2, 'arn:2'), off, settings(4, 'arn:2')])).toEqual([
    [
      'access log set',
      'accessLogSettings.destinationArn: ? → arn:1; accessLogSettings.format: ? → f',
    ],
    [
      'access log moved',
      'accessLogSettings.destinationArn: arn:1 → arn:2; accessLogSettings.format: f → f',
    ],
    ['access log off', null],
    [
      'access log on',
      'accessLogSettings.destinationArn: – → arn:2; accessLogSettings.format: – → f',
    ],
  ]);
});

test('names are those of the time, or the first that is ever told', () => {
  const rename = trailRecord('UpdateApiKey', {
    time: at(3),
    request: { apiKey: 'k1', patchOperations: [{ op: 'replace', path: '/name', value: 'New' }] },
  });
  const records = [
    trailRecord('DeleteUsagePlanKey', { time: at(1), request: { usagePlanId: 'p1', keyId: 'k1' } }),
    trailRecord('CreateApiKey', { time: at(2), request: { name: 'Old' }, response: { id: 'k1' } }),
    rename,
    trailRecord('DeleteApiKey', { time: at(4), request: { apiKey: 'k1' } }),
  ];

  expect(history(records).changes.map(({ api_key_name: name }) => name)).toEqual([
    'Old',
    'Old',
    'New',
    'New',
  ]);
});

test('a record that two trails tell counts once', () => {
  const record = trailRecord('DeleteApiKey', { request: { apiKey: 'k1' } });

  expect(history([record, record, { ...record, eventID: 'other' }])).toMatchObject({
    changes: { length: 2 },
    duplicates: 1,
  });
});
