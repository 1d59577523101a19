import fc from 'fast-check';
import type { Attribution } from '../../../../lambda/core/attribution/attribute';
import { type Field, fields } from '../../../../lambda/core/fields';
import { type EcsOptions, ecsRenderer as renderer } from '../../../../lambda/core/output/ecs';
import { constants, derivations } from '../../../../lambda/core/output/ecs-values';
import { judged, leavesOf } from '../../../support/ecs/judge';
import { fuzzRuns } from '../../../support/fuzz-runs';
import { namesGivenTwice } from '../../../support/json';
import { anyLine, lineOf } from '../../../support/log-lines';

const gold: Attribution = {
  usagePlan: 'Gold',
  usagePlanId: 'p1',
  customerName: 'ACME',
  outcome: 'enriched',
};
const nobody: Attribution = {
  usagePlan: '-',
  usagePlanId: '-',
  customerName: '-',
  outcome: 'withoutKey',
};

const options: EcsOptions = {
  usagePlanField: 'usage_plan',
  customerNameField: 'customer_name',
  apiKeyValues: 'mask',
  preserveOriginalEvent: false,
};

/** Every document of this suite is judged by the definitions of ECS itself. */
const ecsRenderer = (options: EcsOptions) => judged(renderer(options));

type Document = Record<string, unknown>;

function documentOf(
  content: string | Readonly<Record<string, unknown>>,
  overrides: Partial<EcsOptions> = {},
  attribution = nobody,
): Document {
  return JSON.parse(ecsRenderer({ ...options, ...overrides }).line(lineOf(content), attribution));
}

test('what is said beside plan and customer becomes labels, without what is not there', () => {
  const said = { ...gold, columns: [['team.x', 'blue'] as const, ['tier', '-'] as const] };

  expect(documentOf('{}', {}, said)).toMatchObject({ labels: { team_x: 'blue' } });
  expect(documentOf('{}', {}, gold)).not.toHaveProperty('labels');
});

test('a value that the line carries under such a name is the label, and stands nowhere else', () => {
  const said = { ...gold, columns: [['team.x', 'ours'] as const, ['tier', 'ours'] as const] };

  const document = documentOf('{"team.x":"theirs","tier":"-"}', {}, said);

  expect(at(document, 'labels')).toEqual({ team_x: 'theirs', tier: 'ours' });
  expect(at(document, 'aws.api_gateway')).not.toHaveProperty('extra');
});

test('what stands in for the extended request id does not make an HTTP API of a line', () => {
  const document = documentOf({ httpMethod: 'GET', requestId: 'c6af' });

  expect(at(document, 'http.request.id')).toBe('c6af');
  expect(at(document, 'aws.api_gateway')).not.toHaveProperty('api_type');
});

describe("the time of the record's arrival", () => {
  const renderer = ecsRenderer(options);
  const arrivedAt = 1_700_000_000_123;
  const timeOf = (json: string) => JSON.parse(json)['@timestamp'];

  test('stands in where a line has no time that can be read, and where nothing can be read', () => {
    for (const content of ['{}', '{"requestTime":"-"}', '{"requestTime":"soon"}']) {
      expect(timeOf(renderer.line(lineOf(content), gold, arrivedAt))).toBe(
        '2023-11-14T22:13:20.123Z',
      );
    }
    expect(timeOf(renderer.unparsed('x', undefined, arrivedAt))).toBe('2023-11-14T22:13:20.123Z');
  });

  test('gives way to the time of the request', () => {
    const line = lineOf('{"requestTimeEpoch":"1686305472000"}');

    expect(timeOf(renderer.line(line, gold, arrivedAt))).toBe('2023-06-09T10:11:12.000Z');
  });

  test('is left out where it is none', () => {
    for (const none of [undefined, Number.NaN, 1e300, -1]) {
      expect(timeOf(renderer.line(lineOf('{}'), gold, none))).toBeUndefined();
      expect(timeOf(renderer.unparsed('x', undefined, none))).toBeUndefined();
    }
  });
});

/** What stands at a path such as `url.path`. */
function at(document: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Document | undefined)?.[name], document);
}

function valueAt(path: string, content: string | Readonly<Record<string, unknown>>): unknown {
  return at(documentOf(content), path);
}

describe('a document', () => {
  test('says of an empty line what is true of every line', () => {
    expect(documentOf('{}')).toEqual({
      cloud: { provider: 'aws', service: { name: 'apigateway' } },
      ecs: { version: '8.4.0' },
      event: { action: 'request', category: ['web'], kind: 'event', type: ['access'] },
    });
  });

  test('has the usage plan, and the customer as the organization', () => {
    const document = documentOf('{"apiKeyId":"k1"}', {}, gold);

    expect(at(document, 'aws.api_gateway.usage_plan')).toEqual({ id: 'p1', name: 'Gold' });
    expect(at(document, 'aws.api_gateway.api_key.id')).toBe('k1');
    expect(at(document, 'organization.name')).toBe('ACME');
  });

  test('keeps a plan and a customer that the line carries', () => {
    const document = documentOf('{"usage_plan":"Own","customer_name":"Self"}', {}, gold);

    expect(at(document, 'aws.api_gateway.usage_plan.name')).toBe('Own');
    expect(at(document, 'organization.name')).toBe('Self');
  });

  test('has neither where there is none', () => {
    const document = documentOf('{"usage_plan":"-"}');

    expect(at(document, 'aws.api_gateway.usage_plan')).toBeUndefined();
    expect(document).not.toHaveProperty('organization');
  });

  test('masks a secret within an object that is kept in extra', () => {
    expect(valueAt('aws.api_gateway.extra', { o: { apiKey: '0123456789' } })).toBe(
      '{"o":{"apiKey":"****6789"}}',
    );
  });

  test('keeps what the table does not know as a text', () => {
    expect(valueAt('aws.api_gateway.extra', '{"n": 1.10,"o":{"a.b":"-"}}')).toBe(
      '{"n":1.10,"o":{"a.b":"-"}}',
    );
  });

  test('masks the API key value, in the original too', () => {
    const document = documentOf('{"apiKey":"abcdefgh1234"}', { preserveOriginalEvent: true });

    expect(at(document, 'aws.api_gateway.api_key.value')).toBe('****1234');
    expect(at(document, 'event.original')).toBe('{"apiKey":"****1234"}');
  });

  test('is without the API key value where it is to be removed', () => {
    const document = documentOf('{"apiKey":"abcdefgh1234","a":1}', {
      apiKeyValues: 'remove',
      preserveOriginalEvent: true,
    });

    expect(at(document, 'aws.api_gateway.api_key')).toBeUndefined();
    expect(at(document, 'event.original')).toBe('{"a":1}');
  });
});

describe('every field of the table', () => {
  const samples: Readonly<Record<Field['type'], [logged: string, value: unknown]>> = {
    string: ['some text', 'some text'],
    integer: ['42', 42],
    epoch: ['1663811436', '2022-09-22T01:50:36.000Z'],
    timestamp: ['22/Sep/2022:01:50:36 +0000', '2022-09-22T01:50:36.000Z'],
  };
  const converted: Readonly<Record<string, [logged: string, value: unknown]>> = {
    protocol: ['HTTP/2.0', '2.0'],
    response_latency: ['42', 42_000_000],
    client_cert_serial_number: ['0a:ff', '0AFF'],
    xray_trace_id: [
      'Root=1-5759e988-bd862e3fe1be46a994272793',
      '1-5759e988-bd862e3fe1be46a994272793',
    ],
    tls_version: ['TLSv1.2', '1.2'],
    api_key: ['abcdefgh1234', '****1234'],
  };
  for (const { variable, column, type, names, ecsPaths } of fields) {
    test(`${variable} is at ${ecsPaths.join(' and ')}`, () => {
      const [logged, value] = converted[column] ?? samples[type];

      for (const name of [column, ...names]) {
        const document = documentOf({ [name]: logged });
        expect(ecsPaths.map((path) => at(document, path))).toEqual(ecsPaths.map(() => value));
      }
    });
  }
});

test('the version of TLS stands beside its protocol; what is no such version is kept as it is', () => {
  expect(at(documentOf({ tlsVersion: 'TLSv1.3' }), 'tls')).toEqual({
    version: '1.3',
    version_protocol: 'tls',
  });
  expect(documentOf({ tlsVersion: 'QUIC' })).not.toHaveProperty('tls');
  expect(valueAt('aws.api_gateway.extra', { tlsVersion: 'QUIC' })).toBe('{"tlsVersion":"QUIC"}');
});

test('only a status of HTTP tells an outcome', () => {
  const outcomes = {
    101: 'success',
    200: 'success',
    399: 'success',
    400: 'failure',
    599: 'failure',
  };
  for (const [status, outcome] of Object.entries(outcomes)) {
    expect([status, valueAt('event.outcome', { status })]).toEqual([status, outcome]);
  }
  for (const status of ['0', '-200', '42', '99', '600', '1000', '-', 'abc', '2e2', 0, null]) {
    const { event } = documentOf({ status }) as { event: Document };
    expect([status, event['outcome'], event['type']]).toEqual([status, undefined, ['access']]);
  }
});

test('a time that no request can have is kept, and the time of its arrival stands in', () => {
  for (const [name, time] of [
    ['requestTime', '31/Dec/1969:23:59:59 +0000'],
    ['requestTimeEpoch', '9223372036855'],
    ['requestTime', '01/Jan/2300:00:00:00 +0000'],
  ]) {
    const json = ecsRenderer(options).line(
      lineOf({ [name as string]: time }),
      gold,
      1_700_000_000_000,
    );
    expect(JSON.parse(json)['@timestamp']).toBe('2023-11-14T22:13:20.000Z');
    expect(at(JSON.parse(json), 'aws.api_gateway.extra')).toBe(
      JSON.stringify({ [name as string]: time }),
    );
  }
  expect(valueAt('@timestamp', { requestTimeEpoch: '9223372036854' })).toBe(
    '2262-04-11T23:47:16.854Z',
  );
});

describe('half a surrogate pair', () => {
  const cases = [
    ['escaped', '{"userAgent":"a\\ud800"}', 'a\ufffd'],
    ['of which the other half comes first', '{"userAgent":"\\uDE00\\uD83d"}', '\ufffd\ufffd'],
    ['as it is', '{"userAgent":"\ud83d"}', '\ufffd'],
    ['as it is before an escaped other half', '{"userAgent":"\ud83d\\ude00"}', '\ufffd\ufffd'],
    ['in an object', '{"userAgent":{"a":"\\ud800"}}', '{"a":"\\ufffd"}'],
  ] as const;
  for (const [title, line, text] of cases) {
    test(`never leaves: ${title}`, () => {
      expect(valueAt('user_agent.original', line)).toBe(text);
      expect(valueAt('aws.api_gateway.extra', line.replace('userAgent', 'x'))).toBe(
        line
          .replace('userAgent', 'x')
          .toWellFormed()
          .replaceAll(/\\u[dD][89a-eA-E]../g, '\\ufffd'),
      );
    });
  }

  test('leaves whole pairs and other escapes alone', () => {
    expect(valueAt('user_agent.original', '{"userAgent":"\\uD83D\\uDE00 \\\\ud800 \\u00e9"}')).toBe(
      '😀 \\ud800 é',
    );
  });

  test('never leaves in names, labels, texts that nothing could read, or the original', () => {
    const half = '\ud800';
    const said = { ...gold, usagePlan: half, columns: [['team', half] as const] };
    const texts = [
      ecsRenderer(options).line(lineOf(`{"\\ud800":"x"}`), said),
      ecsRenderer({ ...options, preserveOriginalEvent: true }).line(
        lineOf(`{"a":"${half}"}`),
        said,
      ),
      ecsRenderer(options).unparsed(`x${half}`),
    ];
    for (const text of texts) expect(text).not.toMatch(/(?<!\\)\\u[dD][89a-fA-F]/);
  });
});

describe('a value that says nothing', () => {
  test('is absent, and costs no other field', () => {
    const empty = documentOf({
      status: '-',
      responseLength: '',
      ip: null,
      requestTime: '-',
      userAgent: '-',
    });

    expect(empty).toEqual(documentOf('{}'));
    expect(valueAt('http.request.method', { status: '-', ip: '-', httpMethod: 'GET' })).toBe('GET');
  });

  test('is kept where the table does not know the field', () => {
    expect(valueAt('aws.api_gateway.extra', { own: '-' })).toBe('{"own":"-"}');
  });
});

describe('a value that its field cannot hold', () => {
  const cases = [
    { fields: { status: 'abc' }, path: 'http.response.status_code' },
    { fields: { responseLatency: '1.5' }, path: 'event.duration' },
    { fields: { responseLatency: '-5' }, path: 'event.duration' },
    { fields: { responseLatency: '9999999999999' }, path: 'event.duration' },
    { fields: { protocol: 'gopher' }, path: 'http.version' },
    { fields: { requestTime: 'soon' }, path: '@timestamp' },
    { fields: { clientnotBefore: 'long ago' }, path: 'tls.client.x509.not_before' },
  ];
  for (const { fields: logged, path } of cases) {
    test(`is kept in extra and costs no other field: ${JSON.stringify(logged)}`, () => {
      const document = documentOf({ ...logged, httpMethod: 'GET' });

      expect(at(document, path)).toBeUndefined();
      expect(at(document, 'aws.api_gateway.extra')).toBe(JSON.stringify(logged));
      expect(at(document, 'http.request.method')).toBe('GET');
    });
  }

  test('is the address, but no IP, where it is words', () => {
    const document = documentOf({ ip: 'test-invoke-source-ip' });

    expect(document['source']).toEqual({ address: 'test-invoke-source-ip' });
    expect(document).not.toHaveProperty('related');
  });
});

describe('numbers', () => {
  for (const status of [200, '200']) {
    test(`are read as ${JSON.stringify(status)}`, () => {
      expect(valueAt('http.response.status_code', { status })).toBe(200);
    });
  }

  const times = [
    1663811436,
    '1663811436',
    1663811436000,
    '1663811436000',
    '22/Sep/2022:01:50:36 +0000',
  ];
  for (const time of times) {
    test(`of the request time are read as ${JSON.stringify(time)}, under either name`, () => {
      expect(valueAt('@timestamp', { requestTime: time })).toBe('2022-09-22T01:50:36.000Z');
      expect(valueAt('@timestamp', { requestTimeEpoch: time })).toBe('2022-09-22T01:50:36.000Z');
    });
  }
});

describe('the event', () => {
  test('took the response latency, in nanoseconds', () => {
    expect(valueAt('event.duration', { responseLatency: '0' })).toBe(0);
    expect(valueAt('event.duration', { request_latency: 1234 })).toBe(1_234_000_000);
  });

  const outcomes = [
    { status: '101', outcome: 'success', type: ['access'] },
    { status: '399', outcome: 'success', type: ['access'] },
    { status: '400', outcome: 'failure', type: ['access'] },
    { status: '403', outcome: 'failure', type: ['access'] },
    { status: '429', outcome: 'failure', type: ['access'] },
    { status: '500', outcome: 'failure', type: ['access', 'error'] },
    { status: '-', outcome: undefined, type: ['access'] },
  ];
  for (const { status, outcome, type } of outcomes) {
    test(`has an outcome and a list of types for the status ${status}`, () => {
      expect(documentOf({ status })['event']).toMatchObject({ category: ['web'], type });
      expect(valueAt('event.outcome', { status })).toBe(outcome);
    });
  }

  test('acts as the WebSocket event says', () => {
    expect(valueAt('event.action', { eventType: 'CONNECT' })).toBe('connect');
    expect(valueAt('aws.api_gateway.event_type', { eventType: 'CONNECT' })).toBe('CONNECT');
  });

  test('has the type of the gateway response, or of the disconnect, as its reason', () => {
    expect(valueAt('event.reason', { errorResponseType: 'QUOTA_EXCEEDED' })).toBe('QUOTA_EXCEEDED');
    expect(valueAt('event.reason', { disconnectReason: 'Going away' })).toBe('Going away');
  });

  test("has the gateway's message as its error, else that of whoever failed", () => {
    const errors = { errorMessage: '-', integrationError: 'timed out', authorizerError: 'denied' };

    expect(valueAt('error.message', errors)).toBe('timed out');
    expect(valueAt('error.message', { ...errors, errorMessage: 'Forbidden' })).toBe('Forbidden');
    expect(valueAt('error.message', { wafError: 'unreachable' })).toBe('unreachable');
  });
});

describe('the two request ids', () => {
  const ids = { requestId: 'c6af9ac6', extendedRequestId: 'Y1xYogZAiYcEMeA=' };

  test('are both kept, the one that no client can choose as the id of the request', () => {
    const document = documentOf(ids);

    expect(at(document, 'http.request.id')).toBe('Y1xYogZAiYcEMeA=');
    expect(at(document, 'aws.api_gateway.request_id')).toBe('c6af9ac6');
  });

  test('stand in for one another', () => {
    expect(valueAt('http.request.id', { ...ids, extendedRequestId: '-' })).toBe('c6af9ac6');
  });
});

describe('the URL', () => {
  test('keeps the path as it was sent', () => {
    expect(
      documentOf({ domainName: 'api.example.com', path: '/prod/a%2Fb/%C3%A9' })['url'],
    ).toEqual({
      domain: 'api.example.com',
      full: 'https://api.example.com/prod/a%2Fb/%C3%A9',
      original: '/prod/a%2Fb/%C3%A9',
      path: '/prod/a%2Fb/%C3%A9',
      scheme: 'https',
    });
  });

  for (const domainName of ['-', '', null]) {
    test(`is a path only where the domain is ${JSON.stringify(domainName)}`, () => {
      const document = documentOf({ domainName, path: '/asdf' });

      expect(document['url']).toEqual({ original: '/asdf', path: '/asdf' });
      expect(document).not.toHaveProperty('destination');
      expect(document).not.toHaveProperty('related');
    });
  }

  test('is no more than its parts where there is no path', () => {
    expect(documentOf({ domainName: 'api.example.com', path: '-' })['url']).toEqual({
      domain: 'api.example.com',
      scheme: 'https',
    });
  });

  test('has the scheme of a WebSocket for a WebSocket', () => {
    const fields = { domainName: 'ws.example.com', connectionId: 'L0SM9cOFvHcCIhw=' };

    expect(documentOf(fields)['url']).toEqual({ domain: 'ws.example.com', scheme: 'wss' });
  });
});

describe('the accounts', () => {
  test('of owner and caller are kept apart', () => {
    const document = documentOf({ accountId: '111122223333', identityAccountId: '444455556666' });

    expect(at(document, 'cloud.account')).toEqual({ id: '111122223333' });
    expect(at(document, 'aws.api_gateway.user.account_id')).toBe('444455556666');
  });

  test("take the caller's from its ARN where nothing else says it", () => {
    const document = documentOf({
      accountId: '111122223333',
      userArn: 'arn:aws:iam::444455556666:user/jo',
    });

    expect(at(document, 'cloud.account')).toEqual({ id: '111122223333' });
    expect(at(document, 'aws.api_gateway.user.account_id')).toBe('444455556666');
  });
});

describe('the user', () => {
  test('of an assumed role has the session as the name and the role among its roles', () => {
    const arn = 'arn:aws:sts::444455556666:assumed-role/Reader/jo@example.com';
    const document = documentOf({ userArn: arn, user: 'AROAEXAMPLE:jo@example.com' });

    expect(document['user']).toEqual({
      id: 'AROAEXAMPLE:jo@example.com',
      name: 'jo@example.com',
      roles: ['Reader'],
    });
    expect(at(document, 'aws.api_gateway.user')).toEqual({
      account_id: '444455556666',
      arn,
      principal_id: 'AROAEXAMPLE:jo@example.com',
    });
  });

  test('has the short name of a user or a role, not the path to it', () => {
    const name = (resource: string) =>
      valueAt('user.name', { userArn: `arn:aws:iam::444455556666:${resource}` });

    expect(['user/team/jo', 'role/team/Reader', 'root'].map(name)).toEqual([
      'jo',
      'Reader',
      'root',
    ]);
  });

  test('has the id of the principal, of IAM or of an authorizer, before the ARN', () => {
    const fields = { userArn: 'arn:aws:iam::444455556666:user/jo', authorizerPrincipalId: 'p-7' };

    expect(valueAt('user.id', { ...fields, user: 'AIDAEXAMPLE' })).toBe('AIDAEXAMPLE');
    expect(valueAt('user.id', { ...fields, user: '-' })).toBe('p-7');
    expect(valueAt('user.id', { userArn: fields.userArn })).toBe(fields.userArn);
  });

  test('is related once under each of the names', () => {
    const document = documentOf({
      user: 'AIDAEXAMPLE',
      identityCaller: 'AIDAEXAMPLE',
      userArn: 'arn:aws:iam::444455556666:user/jo',
    });

    expect(at(document, 'related.user')).toEqual([
      'jo',
      'AIDAEXAMPLE',
      'arn:aws:iam::444455556666:user/jo',
    ]);
  });
});

describe('the client certificate', () => {
  test('has its dates in ISO 8601 from either spelling', () => {
    const notAfter = (clientnotAfter: string) =>
      valueAt('tls.client.x509.not_after', { clientnotAfter });

    expect(notAfter('May 28 12:30:02 2019 GMT')).toBe('2019-05-28T12:30:02.000Z');
    expect(notAfter('Aug  5 09:36:04 2021 GMT')).toBe('2021-08-05T09:36:04.000Z');
    expect(notAfter('2020-07-16T03:15:39Z')).toBe('2020-07-16T03:15:39.000Z');
  });

  test('has its serial number in upper case and without colons, from either spelling', () => {
    const serialNumber = (clientserialNumber: string) =>
      valueAt('tls.client.x509.serial_number', { clientserialNumber });

    expect(serialNumber('a1:b2:C3')).toBe('A1B2C3');
    expect(serialNumber('a1b2c3')).toBe('A1B2C3');
    expect(serialNumber('no serial')).toBe('no serial');
  });

  test('has its names where ECS has them twice', () => {
    expect(valueAt('tls.client', { clientsubjectDN: 'CN=jo', clientissuerDN: 'CN=ca' })).toEqual({
      issuer: 'CN=ca',
      subject: 'CN=jo',
      x509: { issuer: { distinguished_name: 'CN=ca' }, subject: { distinguished_name: 'CN=jo' } },
    });
  });
});

describe('the Region', () => {
  const domains = [
    { domainName: 'a1b2c3.execute-api.us-east-2.amazonaws.com', region: 'us-east-2' },
    { domainName: 'a1b2c3.execute-api.cn-north-1.amazonaws.com.cn', region: 'cn-north-1' },
    {
      domainName: 'a1b2c3-vpce-0a1b.execute-api.eu-west-1.vpce.amazonaws.com',
      region: 'eu-west-1',
    },
    { domainName: 'a1b2c3.execute-api.eu-west-1.api.aws', region: 'eu-west-1' },
    { domainName: 'api.example.com', region: 'ap-south-1' },
    { domainName: 'x.execute-api.eu-west-1.amazonaws.com.example.com', region: 'ap-south-1' },
    { domainName: '-', region: 'ap-south-1' },
  ];
  for (const { domainName, region } of domains) {
    test(`is ${region} for ${domainName} in a pipeline of ap-south-1`, () => {
      expect(at(documentOf({ domainName }, { region: 'ap-south-1' }), 'cloud.region')).toBe(region);
    });
  }

  test('is left out where nothing tells it', () => {
    expect(valueAt('cloud.region', { domainName: 'api.example.com' })).toBeUndefined();
  });
});

describe('a line that nothing could read', () => {
  const renderer = ecsRenderer(options);

  test('is a document of its own kind', () => {
    expect(JSON.parse(renderer.unparsed('{"apiKey":"abcdefgh1234",'))).toEqual({
      cloud: { provider: 'aws', service: { name: 'apigateway' } },
      ecs: { version: '8.4.0' },
      error: { message: 'not a readable access-log line' },
      event: { kind: 'pipeline_error', original: '{"apiKey":"****1234",' },
    });
  });

  test('brings its bytes along where the text has lost some', () => {
    const bytes = Buffer.from([0x61, 0xff]);
    const document = JSON.parse(renderer.unparsed(bytes.toString(), bytes));

    expect(at(document, 'aws.api_gateway.original_base64')).toBe(bytes.toString('base64'));
  });
});

/**
 * The document that Elastic's proposed API Gateway integration makes of a line of its HTTP API format,
 * with values of our own (its shape: https://github.com/elastic/integrations/pull/4266).
 */
const elasticLine = JSON.stringify({
  accountId: '111122223333',
  apiId: 'a1b2c3d4e5',
  domainName: 'a1b2c3d4e5.execute-api.us-east-2.amazonaws.com',
  extendedRequestId: 'Y1xYogZAiYcEMeA=',
  httpMethod: 'GET',
  ip: '203.0.113.142',
  clientCertPem: 'MIIB-made-up',
  clientsubjectDN: 'C=DE, O=Example GmbH, CN=jo.doe',
  clientissuerDN: 'C=DE, O=Example GmbH, CN=Example CA',
  clientserialNumber: 'qwerqwer',
  clientnotBefore: '2019-08-16T01:40:25Z',
  clientnotAfter: '2020-07-16T03:15:39Z',
  user: '111122223333',
  userAgent: 'PostmanRuntime/7.29.2',
  userArn: 'arn:aws:iam::111122223333:root',
  protocol: 'HTTP/1.1',
  requestTimeEpoch: '1663813891',
  path: '/asdf',
  status: '200',
  responseLength: '25',
  stage: '$default',
});
const elasticLeaves: Readonly<Record<string, unknown>> = {
  '@timestamp': '2022-09-22T02:31:31.000Z',
  'aws.api_gateway.api_id': 'a1b2c3d4e5',
  'aws.api_gateway.principal_id': '111122223333',
  'aws.api_gateway.stage': '$default',
  'cloud.account.id': '111122223333',
  'cloud.provider': 'aws',
  'cloud.region': 'us-east-2',
  'cloud.service.name': 'apigateway',
  'destination.domain': 'a1b2c3d4e5.execute-api.us-east-2.amazonaws.com',
  'ecs.version': '8.4.0',
  'event.category': 'web',
  'event.kind': 'event',
  'event.original': elasticLine,
  'event.outcome': 'success',
  'http.request.id': 'Y1xYogZAiYcEMeA=',
  'http.request.method': 'GET',
  'http.response.body.bytes': 25,
  'http.response.status_code': 200,
  'http.version': '1.1',
  'source.address': '203.0.113.142',
  'source.geo.city_name': 'London',
  'source.geo.continent_name': 'Europe',
  'source.geo.country_iso_code': 'GB',
  'source.geo.country_name': 'United Kingdom',
  'source.geo.location.lat': 51.5142,
  'source.geo.location.lon': -0.0931,
  'source.geo.region_iso_code': 'GB-ENG',
  'source.geo.region_name': 'England',
  'source.ip': '203.0.113.142',
  tags: ['preserve_original_event'],
  'tls.client.certificate': 'MIIB-made-up',
  'tls.client.x509.issuer.distinguished_name': 'C=DE, O=Example GmbH, CN=Example CA',
  'tls.client.x509.not_after': '2020-07-16T03:15:39.000Z',
  'tls.client.x509.not_before': '2019-08-16T01:40:25.000Z',
  'tls.client.x509.serial_number': 'qwerqwer',
  'tls.client.x509.subject.distinguished_name': 'C=DE, O=Example GmbH, CN=jo.doe',
  'url.domain': 'a1b2c3d4e5.execute-api.us-east-2.amazonaws.com',
  'url.original': 'https://a1b2c3d4e5.execute-api.us-east-2.amazonaws.com/asdf',
  'url.path': '/asdf',
  'url.scheme': 'https',
  'user.id': 'arn:aws:iam::111122223333:root',
  'user.name': 'root',
  'user_agent.device.name': 'Other',
  'user_agent.name': 'Other',
  'user_agent.original': 'PostmanRuntime/7.29.2',
};

/** Where our document differs from Elastic's, and why; undefined for what it leaves out. */
const differences: readonly { why: string; leaves: Readonly<Record<string, unknown>> }[] = [
  {
    why: 'geo needs a database, which the receiving end has',
    leaves: Object.fromEntries(
      Object.keys(elasticLeaves)
        .filter((path) => path.startsWith('source.geo.'))
        .map((path) => [path, undefined]),
    ),
  },
  {
    why: 'so does the parsed user agent',
    leaves: { 'user_agent.device.name': undefined, 'user_agent.name': undefined },
  },
  {
    why: 'ECS wants the category in a list, and with it a type and an action',
    leaves: {
      'event.category': ['web'],
      'event.type': ['access'],
      'event.action': 'request',
    },
  },
  {
    why: 'the original URL is what was sent; the one that is put together has another name',
    leaves: {
      'url.original': '/asdf',
      'url.full': 'https://a1b2c3d4e5.execute-api.us-east-2.amazonaws.com/asdf',
    },
  },
  {
    why: 'the user has the id of the principal; the ARN is no id',
    leaves: {
      'user.id': '111122223333',
      'aws.api_gateway.user.arn': 'arn:aws:iam::111122223333:root',
    },
  },
  {
    why: 'ECS wants the address of both ends, as it is logged',
    leaves: {
      'destination.address': 'a1b2c3d4e5.execute-api.us-east-2.amazonaws.com',
    },
  },
  {
    why: 'ECS wants serial numbers in upper case, and the names of a certificate in two places',
    leaves: {
      'tls.client.x509.serial_number': 'QWERQWER',
      'tls.client.issuer': 'C=DE, O=Example GmbH, CN=Example CA',
      'tls.client.subject': 'C=DE, O=Example GmbH, CN=jo.doe',
    },
  },
  {
    why: "Elastic's own list of fields has more than its example",
    leaves: {
      'aws.api_gateway.user.account_id': '111122223333',
      'aws.api_gateway.user.principal_id': '111122223333',
      'related.hosts': ['a1b2c3d4e5.execute-api.us-east-2.amazonaws.com'],
      'related.ip': ['203.0.113.142'],
      'related.user': ['root', '111122223333', 'arn:aws:iam::111122223333:root'],
    },
  },
];

describe("beside Elastic's document of the same line", () => {
  const document = documentOf(elasticLine, { preserveOriginalEvent: true });

  for (const { why, leaves } of differences) {
    test(`it differs, since ${why}`, () => {
      for (const [path, value] of Object.entries(leaves)) {
        expect([path, at(document, path)]).toEqual([path, value]);
        expect(value).not.toEqual(elasticLeaves[path]);
      }
    });
  }

  test('it is equal in everything else', () => {
    const expected = Object.assign({}, elasticLeaves, ...differences.map(({ leaves }) => leaves));

    expect(Object.fromEntries(leavesOf(document))).toEqual(expected);
  });
});

describe('whatever the line', () => {
  const anyOptions = fc.record({
    preserveOriginalEvent: fc.boolean(),
    region: fc.constantFrom(undefined, 'eu-west-1'),
  });

  test('the document is one valid line without a name given twice at any level', () => {
    fc.assert(
      fc.property(anyLine, anyOptions, (line, overrides) => {
        const text = ecsRenderer({ ...options, ...overrides }).line(line, gold);

        expect(text).toMatch(/^[^\r\n]*\n$/);
        expect(JSON.parse(text)).toHaveProperty('event.kind', 'event');
        expect(namesGivenTwice(text)).toEqual([]);
      }),
      { numRuns: fuzzRuns(500) },
    );
  });

  test('it says nothing without saying something', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const values = leavesOf(documentOf(line.text)).map(([, value]) => value);

        for (const value of values) expect([null, '', '-', {}, []]).not.toContainEqual(value);
      }),
    );
  });

  test('it has no fields but those that are known beforehand', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const strays = leavesOf(documentOf(line.text)).filter(([path]) => !knownPaths.has(path));

        expect(strays).toEqual([]);
      }),
    );
  });
});

const knownPaths: ReadonlySet<string> = new Set([
  ...fields.flatMap((field) => field.ecsPaths),
  ...Object.keys(constants),
  ...Object.keys(derivations),
  'aws.api_gateway.extra',
  'aws.api_gateway.usage_plan.name',
  'aws.api_gateway.usage_plan.id',
  'organization.name',
]);
