import fc from 'fast-check';
import { byLetters, recordsIn } from '../../../analytics/audit/event-records';
import { historyOf } from '../../../analytics/audit/history';
import { type AuditEvent, readEvent } from '../../../analytics/audit/read-event';
import { KEY_VALUE, roleIdentity, trailRecord } from '../../support/trail-records';

/** The row of one record that stands alone. */
function rowOf(record: object) {
  const reading = readEvent(byLetters(record));
  if (reading.kind !== 'event') throw new Error(reading.kind);
  return historyOf([reading.event]).changes[0];
}

const plan = { id: 'p1', name: 'Gold', quota: { limit: 1000, period: 'MONTH' } };

describe('a record becomes a row', () => {
  test.each<[string, object, object]>([
    [
      'the example of the documentation',
      {
        eventVersion: '1.03',
        userIdentity: {
          type: 'Root',
          principalId: 'example-principal-id',
          arn: 'arn:aws:iam::123456789012:root',
          accountId: '123456789012',
          sessionContext: { attributes: { mfaAuthenticated: 'false' } },
        },
        eventTime: '2015-06-17T00:47:28Z',
        eventSource: 'apigateway.amazonaws.com',
        eventName: 'GetResource',
        awsRegion: 'us-east-1',
        sourceIPAddress: '',
        userAgent: 'example-user-agent-string',
        requestParameters: { restApiId: '3rbEXAMPLE', resourceId: '5tfEXAMPLE', template: false },
        responseElements: null,
        requestID: '6d9c4bfc',
        eventID: '4d293154',
        readOnly: true,
        recipientAccountId: '123456789012',
      },
      {
        event_time_epoch: Date.parse('2015-06-17T00:47:28Z'),
        event_time: '2015-06-17T00:47:28.000Z',
        event_name: 'GetResource',
        event_kind: 'read',
        actor: 'root',
        mfa: false,
        api_id: '3rbEXAMPLE',
        source_ip: null,
        effect: null,
        change: null,
        error_code: null,
        request_id: '6d9c4bfc',
        account_id: '123456789012',
        region: 'us-east-1',
      },
    ],
    [
      "Sumo Logic's example: a user, and an issuer without members",
      trailRecord('GetRestApi', {
        more: {
          userIdentity: {
            type: 'IAMUser',
            arn: 'arn:aws:iam::123408221234:user/bob',
            accountId: '123408221234',
            userName: 'bob',
            sessionContext: { sessionIssuer: {}, attributes: { mfaAuthenticated: 'true' } },
            invokedBy: 'signin.amazonaws.com',
          },
        },
      }),
      {
        actor: 'bob',
        role: null,
        role_session: null,
        mfa: true,
        invoked_by: 'signin.amazonaws.com',
        user_account_id: '123408221234',
        account_id: '123456789012',
      },
    ],
    [
      'a plan is made, its members in an input of its own',
      trailRecord('CreateUsagePlan', {
        request: {
          createUsagePlanInput: { name: 'Gold', quota: { limit: 1000, period: 'MONTH' } },
        },
        response: plan,
      }),
      {
        usage_plan_id: 'p1',
        usage_plan: 'Gold',
        effect: 'plan created',
        change: 'name: Gold; quota.limit: 1000; quota.period: MONTH',
        actor: 'Deploy/pipeline-7',
        role: 'Deploy',
        role_arn: 'arn:aws:iam::123456789012:role/Deploy',
        role_session: 'pipeline-7',
      },
    ],
    [
      'a plan is changed, and nothing is known of it before',
      trailRecord('UpdateUsagePlan', {
        request: {
          usagePlanId: 'p1',
          patchOperations: [{ op: 'replace', path: '/quota/limit', value: '5000' }],
        },
      }),
      { usage_plan_id: 'p1', effect: 'quota changed', change: 'quota.limit: ? → 5000' },
    ],
    [
      'a key is added to a plan',
      trailRecord('CreateUsagePlanKey', {
        request: {
          usagePlanId: 'p1',
          createUsagePlanKeyInput: { keyId: 'k1', keyType: 'API_KEY' },
        },
        response: { id: 'k1', name: 'ACME', type: 'API_KEY', value: KEY_VALUE },
      }),
      {
        usage_plan_id: 'p1',
        api_key_id: 'k1',
        api_key_name: 'ACME',
        effect: 'key added to plan',
        change: 'keyType: API_KEY',
      },
    ],
    [
      'a key is disabled, its id under the name of the path',
      trailRecord('UpdateApiKey', {
        request: {
          apiKey: 'abcdef1234',
          updateApiKeyInput: {
            patchOperations: [{ op: 'replace', path: '/enabled', value: 'false' }],
          },
        },
      }),
      { api_key_id: 'abcdef1234', effect: 'key disabled', change: 'enabled: ? → false' },
    ],
    [
      'keys are imported',
      trailRecord('ImportApiKeys', {
        request: { format: 'csv', failOnWarnings: false, body: `Name,Key\nx,${KEY_VALUE}` },
        response: { ids: ['k1', 'k2'], warnings: [] },
      }),
      {
        api_key_id: null,
        effect: 'keys imported',
        change: 'format: csv; failOnWarnings: false; ids: k1 k2',
      },
    ],
    [
      'values of keys are read',
      trailRecord('GetApiKeys', { request: { includeValues: true, limit: 500 } }),
      { event_kind: 'read', effect: 'key values read', change: 'values included' },
    ],
    [
      'keys are listed without their values',
      trailRecord('GetApiKeys', { request: { includeValues: false, limit: 500 } }),
      { effect: null, change: null },
    ],
    [
      'a quota is extended for one key',
      trailRecord('UpdateUsage', {
        request: {
          usagePlanId: 'p1',
          keyId: 'k1',
          patchOperations: [{ op: 'replace', path: '/remaining', value: '9000' }],
        },
      }),
      { effect: 'usage extended', change: 'remaining: ? → 9000', api_key_id: 'k1' },
    ],
    [
      'a stage is tagged by its ARN',
      trailRecord('TagResource', {
        request: {
          resourceArn: 'arn:aws:apigateway:eu-central-1::/restapis/a1/stages/prod',
          tags: { owner: 'web' },
        },
      }),
      { api_id: 'a1', stage: 'prod', change: 'tags.owner: web' },
    ],
    [
      'and loses a tag, its names as a list',
      trailRecord('UntagResource', {
        request: {
          resourceArn: 'arn%3Aaws%3Aapigateway%3Aeu-central-1%3A%3A%2Fusageplans%2Fp1',
          tagKeys: ['owner', 'team'],
        },
      }),
      { usage_plan_id: 'p1', change: 'tagKeys: owner team' },
    ],
    [
      'a plan gets and loses a stage, a throttle for a method, and its quota',
      trailRecord('UpdateUsagePlan', {
        request: {
          usagePlanId: 'p1',
          updateUsagePlanInput: {
            patchOperations: [
              { op: 'add', path: '/apiStages', value: 'a1:prod' },
              { op: 'remove', path: '/apiStages', value: 'b2:test' },
              {
                op: 'replace',
                path: '/apiStages/a1:prod/throttle/~1pets~1GET/rateLimit',
                value: '5',
              },
              { op: 'remove', path: '/quota' },
            ],
          },
        },
      }),
      {
        effect: 'quota raised, throttle changed',
        change:
          'apiStages: + a1:prod; apiStages: − b2:test; apiStages.a1:prod.throttle./pets/GET.rateLimit: ? → 5; quota: ? → –',
      },
    ],
    [
      'a stage of a REST API logs elsewhere, by patches',
      trailRecord('UpdateStage', {
        request: {
          restApiId: 'a1',
          stageName: 'prod',
          patchOperations: [
            { op: 'replace', path: '/accessLogSettings/destinationArn', value: 'arn:x' },
            { op: 'replace', path: '/accessLogSettings/format', value: '$context.requestId' },
          ],
        },
        response: { stageName: 'prod', accessLogSettings: { destinationArn: 'arn:x' } },
      }),
      {
        api_id: 'a1',
        stage: 'prod',
        effect: 'access log set',
        change:
          'accessLogSettings.destinationArn: ? → arn:x; accessLogSettings.format: ? → $context.requestId',
      },
    ],
    [
      'one of an HTTP API, by an object',
      trailRecord('UpdateStage', {
        request: {
          apiId: 'h1',
          stageName: '$default',
          accessLogSettings: { destinationArn: 'arn:x', format: '$context.requestId' },
        },
      }),
      { api_id: 'h1', stage: '$default', effect: 'access log set' },
    ],
    [
      'a key is added to a plan, the ids beside each other and no answer',
      trailRecord('CreateUsagePlanKey', {
        request: { usageplanId: 'p1', keyId: 'k1', keyType: 'API_KEY' },
      }),
      {
        usage_plan_id: 'p1',
        api_key_id: 'k1',
        effect: 'key added to plan',
        change: 'keyType: API_KEY',
      },
    ],
    [
      'keys of a file are imported, and some are not',
      trailRecord('ImportApiKeys', {
        request: { format: 'csv', failOnWarnings: 'false', body: { hb: [1, 2, 3] } },
        response: { ids: ['k1'], warnings: [`row 2: ${KEY_VALUE} is taken`] },
      }),
      { effect: 'keys imported', change: 'format: csv; failOnWarnings: false; ids: k1' },
    ],
    [
      'patches without end, of which no row has all',
      trailRecord('UpdateUsagePlan', {
        request: {
          usagePlanId: 'p1',
          patchOperations: Array.from({ length: 5000 }, (_, index) => ({
            op: 'replace',
            path: `/description${index}`,
            value: 'x'.repeat(50),
          })),
        },
      }),
      { usage_plan_id: 'p1', effect: null, change: expect.stringMatching(/^.{4096}…$/s) },
    ],
    [
      'names that objects have of themselves',
      trailRecord('UpdateStage', {
        request: JSON.parse(
          '{"__proto__":{"restApiId":"evil"},"constructor":{"stageName":"evil"},"restApiId":"a1","stageName":"prod"}',
        ),
      }),
      { api_id: 'a1', stage: 'prod', effect: null },
    ],
    [
      'an HTTP API loses its access log by the call for that',
      trailRecord('DeleteAccessLogSettings', { request: { apiId: 'h1', stageName: '$default' } }),
      { api_id: 'h1', stage: '$default', effect: 'access log off' },
    ],
    [
      'a call fails',
      trailRecord('DeleteApiKey', {
        request: { apiKey: 'abcdef1234' },
        more: { errorCode: 'AccessDenied', errorMessage: 'not authorized to perform' },
      }),
      {
        effect: null,
        error_code: 'AccessDenied',
        error_message: 'not authorized to perform',
        api_key_id: 'abcdef1234',
      },
    ],
    [
      'a service of AWS calls',
      trailRecord('UpdateStage', {
        request: { restApiId: 'a1', stageName: 'prod' },
        more: {
          userIdentity: { type: 'AWSService', invokedBy: 'wafv2.amazonaws.com' },
          sourceIPAddress: 'wafv2.amazonaws.com',
        },
      }),
      {
        actor: 'wafv2.amazonaws.com',
        invoked_by: 'wafv2.amazonaws.com',
        mfa: null,
        source_ip: 'wafv2.amazonaws.com',
      },
    ],
    [
      'names in lower case, elements as text, as a table of Athena has them',
      {
        eventsource: 'apigateway.amazonaws.com',
        eventname: 'UpdateUsagePlan',
        eventtime: '2026-11-20T10:00:00Z',
        useridentity: { type: 'IAMUser', username: 'eva', arn: 'arn:aws:iam::1:user/eva' },
        requestparameters: JSON.stringify({
          usagePlanId: 'p1',
          patchOperations: [{ op: 'remove', path: '/throttle' }],
        }),
        readonly: 'false',
      },
      { actor: 'eva', usage_plan_id: 'p1', effect: 'throttle raised', change: 'throttle: ? → –' },
    ],
    [
      'an API gets a name that only the answer tells',
      trailRecord('CreateRestApi', { request: {}, response: { id: 'a9', name: 'Orders' } }),
      { api_id: 'a9', api_name: 'Orders' },
    ],
    [
      'a name that is longer than a row takes',
      trailRecord('CreateApiKey', {
        request: { createApiKeyInput: { name: '\ud83d\ude00'.repeat(2000) } },
        response: { id: 'k9' },
      }),
      { api_key_id: 'k9', effect: 'key created' },
    ],
    [
      'parameters that CloudTrail has left out',
      trailRecord('PutRestApi', { request: { omitted: true, originalSize: 300_000 } }),
      { event_name: 'PutRestApi', change: 'omitted: true; originalSize: 300000' },
    ],
    [
      'members of no expected type',
      trailRecord('UpdateUsagePlan', {
        request: { usagePlanId: ['p1'], patchOperations: 'none' },
        more: { userIdentity: 7, sourceIPAddress: {}, readOnly: 'perhaps', errorCode: [] },
      }),
      { actor: 'unknown', usage_plan_id: null, event_kind: 'write', error_code: null },
    ],
  ])('%s', (_, record, expected) => {
    expect(rowOf(record)).toMatchObject(expected);
  });

  test.each([
    [
      'another service',
      { ...trailRecord('RunInstances', {}), eventSource: 'ec2.amazonaws.com' },
      'other service',
    ],
    ['no source', { eventName: 'CreateApiKey', eventTime: '2026-11-20T10:00:00Z' }, 'unreadable'],
    ['no time', trailRecord('CreateApiKey', { time: 'soon' }), 'unreadable'],
    [
      'a time that no calendar has',
      trailRecord('CreateApiKey', { time: '+012026-11-20T10:00:00Z' }),
      'unreadable',
    ],
  ])('a record of %s is none', (_, record, kind) => {
    expect(readEvent(byLetters(record)).kind).toBe(kind);
  });

  test('whatever a record has in it, reading it does not fail', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.jsonValue(),
        (request, response) => {
          const record = trailRecord('UpdateUsagePlan', { request, response });
          const reading = readEvent(byLetters({ ...record, userIdentity: response }));

          expect(reading.kind).toBe('event');
          historyOf([(reading as { event: AuditEvent }).event]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('values of keys', () => {
  const places: [string, object][] = [
    [
      'the input',
      trailRecord('CreateApiKey', {
        request: { createApiKeyInput: { name: 'x', value: KEY_VALUE } },
      }),
    ],
    ['the parameters', trailRecord('CreateApiKey', { request: { name: 'x', value: KEY_VALUE } })],
    ['the answer', trailRecord('CreateApiKey', { response: { id: 'k1', value: KEY_VALUE } })],
    ['a name', trailRecord('CreateApiKey', { request: { name: KEY_VALUE, value: KEY_VALUE } })],
    [
      'a list',
      trailRecord('GetApiKeys', { response: { items: [{ id: 'k1', value: KEY_VALUE }] } }),
    ],
    ['a body', trailRecord('ImportApiKeys', { request: { body: `Name,Key\nx,${KEY_VALUE}` } })],
    [
      'a body of bytes',
      trailRecord('ImportApiKeys', { request: { body: { hb: [...Buffer.from(KEY_VALUE)] } } }),
    ],
    ['text', trailRecord('CreateApiKey', { request: JSON.stringify({ value: KEY_VALUE }) })],
    ['text that is cut', trailRecord('CreateApiKey', { request: `{"value":"${KEY_VALUE}` })],
    ['the place of an id', trailRecord('GetApiKey', { request: { apiKey: KEY_VALUE } })],
    [
      'a patch',
      trailRecord('UpdateApiKey', {
        request: {
          apiKey: 'k1',
          patchOperations: [{ op: 'replace', path: '/value', value: KEY_VALUE }],
        },
      }),
    ],
    [
      'a patch of a stage',
      trailRecord('UpdateStage', {
        request: {
          restApiId: 'a1',
          stageName: 's',
          patchOperations: [{ op: 'replace', path: '/variables/partnerApiKey', value: KEY_VALUE }],
        },
      }),
    ],
    [
      'a variable of a stage',
      trailRecord('CreateStage', {
        request: { createStageInput: { stageName: 's', variables: { apiKey: KEY_VALUE } } },
      }),
    ],
    [
      'a message',
      trailRecord('CreateApiKey', {
        request: { value: KEY_VALUE },
        more: { errorCode: 'Conflict', errorMessage: `value ${KEY_VALUE} is taken` },
      }),
    ],
  ];

  test.each(places)('in %s are in no column', (_, record) => {
    expect(JSON.stringify(rowOf(record))).not.toContain(KEY_VALUE);
  });

  test('are in no column, however deep and however they are written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('items', 'input', 'a', '0'), { maxLength: 12 }),
        fc.constantFrom('value', 'Value', 'apiKeyValue', 'x-api-key', 'API_KEY', 'body'),
        fc.constantFrom('CreateApiKey', 'UpdateStage', 'CreateUsagePlanKey', 'ImportApiKeys'),
        (path, name, event) => {
          const nested = path.reduce<object>((inner, step) => ({ [step]: inner }), {
            [name]: KEY_VALUE,
          });
          const record = trailRecord(event, {
            request: nested,
            response: nested,
            more: { userIdentity: roleIdentity('Ops', KEY_VALUE) },
          });

          expect(JSON.stringify(rowOf(record))).not.toContain(KEY_VALUE);
        },
      ),
    );
  });
});

describe('records are found in', () => {
  const record = trailRecord('CreateApiKey', { response: { id: 'k1' } });
  const json = JSON.stringify(record);

  test.each<[string, string]>([
    ["a trail's file", JSON.stringify({ Records: [record] })],
    ['an event of EventBridge', JSON.stringify({ source: 'aws.apigateway', detail: record })],
    [
      'lookup-events',
      JSON.stringify({
        Events: [
          {
            EventId: 'x',
            EventName: 'CreateApiKey',
            EventSource: 'apigateway.amazonaws.com',
            CloudTrailEvent: json,
          },
        ],
      }),
    ],
    ['an event of CloudWatch Logs', JSON.stringify({ logEvents: [{ id: '1', message: json }] })],
    ['a line', `${json}\n`],
    ['a list', `[${json}]`],
    ['a record behind a byte order mark', `\ufeff${json}`],
  ])('%s', (_, text) => {
    const { records, strangers } = recordsIn(text);

    expect(strangers).toBe(0);
    expect(records.map(readEvent)).toEqual([readEvent(byLetters(record))]);
  });

  test('several lines, those that are none counted', () => {
    expect(recordsIn(`${json}\n{"broken\n\n${json}\n"text"\n`)).toMatchObject({
      records: { length: 2 },
      strangers: 2,
    });
  });

  test.each([
    '',
    ' \n',
    '{}',
    '[]',
    '{"Records":[]}',
    '{"Records":[null, 3]}',
    `${'['.repeat(5000)}1${']'.repeat(5000)}`,
  ])('nothing of %j', (text) => expect(recordsIn(text).records).toEqual([]));
});
