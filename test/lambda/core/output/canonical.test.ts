import fc from 'fast-check';
import type { Attribution } from '../../../../lambda/core/attribution/attribute';
import { columns, fieldOfVariable, ownColumns } from '../../../../lambda/core/fields';
import { canonicalRenderer } from '../../../../lambda/core/output/canonical';
import { tokenOf } from '../../../../lambda/core/record/log-line';
import { fieldSpelled } from '../../../../lambda/core/spelling';
import { secretTreatments } from '../../../../lambda/core/values/secrets';
import { fuzzRuns } from '../../../support/fuzz-runs';
import { namesGivenTwice } from '../../../support/json';
import { anyLine, lineOf } from '../../../support/log-lines';
import { sourceFormats } from '../../../support/source-formats';

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

const options = {
  usagePlanField: 'usage_plan',
  customerNameField: 'customer_name',
  apiKeyValues: 'mask',
} as const;
const renderer = canonicalRenderer(options);

function rendered(content: string | Record<string, unknown>, attribution = gold): string {
  return renderer.line(lineOf(content), attribution);
}

test('what is said beside plan and customer stands behind them', () => {
  const said = { ...gold, columns: [['team', 'blue'] as const, ['tier', '-'] as const] };

  expect(rendered('{}', said)).toBe(
    '{"usage_plan":"Gold","usage_plan_id":"p1","customer_name":"ACME","team":"blue","tier":null}\n',
  );
});

test('a value that the line carries under such a name stays, and stands nowhere else', () => {
  const said = ['team', 'tier', 'n'].map((name) => [name, 'ours'] as const);

  expect(rendered('{"team":"theirs","tier":"-","n":1.10}', { ...gold, columns: said })).toBe(
    '{"usage_plan":"Gold","usage_plan_id":"p1","customer_name":"ACME","team":"theirs","tier":"ours","n":"1.10"}\n',
  );
});

describe('the canonical renderer', () => {
  const appended = '"usage_plan":"Gold","usage_plan_id":"p1","customer_name":"ACME"';
  const cases = [
    { title: 'writes the attribution of an empty line', content: '{}', line: `{${appended}}` },
    {
      title: 'writes columns in the order of the table, whatever the order in the line',
      content: '{"status":"200","apiId":"a1","accountId":"111122223333"}',
      line: `{"account_id":"111122223333","api_id":"a1","status":200,${appended}}`,
    },
    {
      title: 'writes null for what says nothing and leaves out what is not there',
      content: '{"status":"-","path":"","stage":null}',
      line: `{"stage":null,"path":null,"status":null,${appended}}`,
    },
    {
      title: 'masks a secret within an object, wherever that is kept',
      content: '{"o":[{"apiKey":"0123456789"}],"path":{"api_key":"0123456789"}}',
      line: `{"path":"{\\"api_key\\":\\"****6789\\"}",${appended},"extra":"{\\"o\\":[{\\"apiKey\\":\\"****6789\\"}]}"}`,
    },
    {
      title: 'writes integers digit for digit',
      content: '{"responseLength":"12345678901234567","status":200}',
      line: `{"status":200,"response_length":12345678901234567,${appended}}`,
    },
    {
      title: 'writes the request time twice, whichever the line has',
      content: '{"requestTime":"09/Jun/2023:10:11:12 +0000"}',
      line: `{"request_time":"2023-06-09T10:11:12.000Z","request_time_epoch":1686305472000,${appended}}`,
    },
    {
      title: 'writes other moments alike: numbers in milliseconds, words in ISO 8601',
      content: '{"connectedAt":"1686305472","clientnotBefore":"Aug  5 09:36:04 2021 GMT"}',
      line: `{"client_cert_not_before":"2021-08-05T09:36:04.000Z","connected_at":1686305472000,"api_type":"WEBSOCKET",${appended}}`,
    },
    {
      title: 'writes the API type where the line tells it',
      content: '{"routeKey":"GET /pets"}',
      line: `{"route_key":"GET /pets","api_type":"HTTP",${appended}}`,
    },
    {
      title: 'writes the rest as the text of an object',
      content: '{"n": 1.10,"status":"x"}',
      line: `{"status":null,${appended},"extra":"{\\"n\\":1.10,\\"status\\":\\"x\\"}"}`,
    },
  ];
  for (const { title, content, line } of cases) {
    test(title, () => {
      expect(rendered(content)).toBe(`${line}\n`);
    });
  }

  test('writes null where nobody is known', () => {
    expect(rendered('{}', nobody)).toBe(
      '{"usage_plan":null,"usage_plan_id":null,"customer_name":null}\n',
    );
  });

  test('has the id of the plan that is named, whoever names it', () => {
    const planOf = (content: string, attribution = gold) => {
      const { usage_plan, usage_plan_id } = JSON.parse(rendered(content, attribution));
      return [usage_plan, usage_plan_id];
    };

    expect(planOf('{}')).toEqual(['Gold', 'p1']);
    expect(planOf('{"usage_plan":"Gold"}')).toEqual(['Gold', 'p1']);
    expect(planOf('{"usage_plan":"-","usage_plan_id":""}')).toEqual(['Gold', 'p1']);
    expect(planOf('{"usage_plan":"Own"}')).toEqual(['Own', null]);
    expect(planOf('{"usage_plan":"Own","usage_plan_id":"own"}')).toEqual(['Own', 'own']);
    expect(planOf('{"usage_plan_id":"own"}', nobody)).toEqual([null, 'own']);
  });

  test('holds no half of a surrogate pair, also within what is kept', () => {
    expect(rendered('{"userAgent":"\\ud800","x":{"y":"\\uDFFF\\ud83d\\ude00"}}')).toBe(
      `{"user_agent":"\\ufffd",${appended},"extra":"{\\"x\\":{\\"y\\":\\"\\\\ufffd\\\\ud83d\\\\ude00\\"}}"}\n`,
    );
    expect(renderer.unparsed('x\ud800')).toBe('{"unparsed_line":"x\ufffd"}\n');
  });

  test('writes the attribution under the configured names', () => {
    const { line } = canonicalRenderer({
      ...options,
      usagePlanField: 'plan_id',
      customerNameField: 'subscription_id',
    });

    expect(line(lineOf('{"usage_plan":"x"}'), gold)).toBe(
      '{"plan_id":"Gold","usage_plan_id":"p1","subscription_id":"ACME","extra":"{\\"usage_plan\\":\\"x\\"}"}\n',
    );
  });

  test('writes a line that nothing could read as an object', () => {
    expect(renderer.unparsed('hello')).toBe('{"unparsed_line":"hello"}\n');
  });
});

/** A request, by variable, and what becomes of it. */
const request: Readonly<Record<string, readonly [logged: string, column: unknown]>> = {
  accountId: ['111122223333', '111122223333'],
  apiId: ['a1b2c3d4e5', 'a1b2c3d4e5'],
  stage: ['prod', 'prod'],
  'identity.apiKeyId': ['k1', 'k1'],
  'identity.apiKey': ['abcdefgh1234', '****1234'],
  requestId: ['c6af9ac6-7b61-11e6-9a41-93e8deadbeef', 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef'],
  extendedRequestId: ['Y1xYogZAiYcEMeA=', 'Y1xYogZAiYcEMeA='],
  requestTime: ['09/Jun/2023:10:11:12 +0000', '2023-06-09T10:11:12.000Z'],
  requestTimeEpoch: ['1686305472000', 1_686_305_472_000],
  httpMethod: ['GET', 'GET'],
  path: ['/prod/caf%C3%A9/"7"', '/prod/caf%C3%A9/"7"'],
  resourcePath: ['/{shop}/{id}', '/{shop}/{id}'],
  status: ['200', 200],
  responseLength: ['0', 0],
  responseLatency: ['27', 27],
  'identity.sourceIp': ['2001:db8::1', '2001:db8::1'],
  'identity.userAgent': ['curl/8 \\ "é"', 'curl/8 \\ "é"'],
  'integration.latency': ['20', 20],
  integrationLatency: ['20', 20],
  'identity.clientCert.validity.notAfter': ['Aug  5 09:36:04 2021 GMT', '2021-08-05T09:36:04.000Z'],
};

/** They log neither the resource nor, together with the method, the key or both ids. */
const withoutTellingType = new Set(['elastic-http', 'elastic-websocket']);

describe('the same request', () => {
  for (const { name, fields } of sourceFormats) {
    test(`gives the same columns with the same values in the ${name} format`, () => {
      const variables = Object.values(fields).map((variable) => variable.replace('$context.', ''));
      const logged = Object.keys(fields).map((key, index) => [
        key,
        request[variables[index] ?? '']?.[0] ?? '-',
      ]);

      const record = JSON.parse(rendered(Object.fromEntries(logged)));

      const columnOf = (variable: string) => fieldOfVariable(variable)?.column ?? '';
      const expected = variables.map((variable) => [
        columnOf(variable),
        request[variable]?.[1] ?? null,
      ]);
      expect(record).toEqual({
        ...Object.fromEntries(expected),
        request_time: '2023-06-09T10:11:12.000Z',
        request_time_epoch: 1_686_305_472_000,
        usage_plan: 'Gold',
        usage_plan_id: 'p1',
        customer_name: 'ACME',
        ...(withoutTellingType.has(name) ? {} : { api_type: 'REST' }),
      });
    });
  }
});

describe('whatever the line', () => {
  test('the output is one valid line without a name given twice in any case', () => {
    fc.assert(
      fc.property(anyLine, fc.constantFrom(gold, nobody), (line, attribution) => {
        const text = renderer.line(line, attribution);

        expect(text).toMatch(/^[^\r\n]*\n$/);
        expect(namesGivenTwice(text)).toEqual([]);
        for (const name of Object.keys(JSON.parse(text))) expect(allColumns).toContain(name);
      }),
      { numRuns: fuzzRuns(500) },
    );
  });

  test('columns hold what their type says, or null', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const record = JSON.parse(renderer.line(line, gold));

        for (const { column, type } of columns) {
          const isNumber = type === 'integer' || type === 'epoch';
          const value = record[column] ?? null;
          if (value !== null)
            expect([column, typeof value]).toEqual([column, isNumber ? 'number' : 'string']);
        }
      }),
    );
  });

  test('fields that the table does not know survive exactly', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        const extra = lineOf(JSON.parse(renderer.line(line, gold)).extra ?? '{}');

        const kept = new Map(extra.members.map((member) => [member.name, tokenOf(extra, member)]));
        for (const member of line.members) {
          if (isKnown(member.name)) continue;
          const last = line.members.findLast(({ name }) => name === member.name) ?? member;
          expect(kept.get(member.name)).toBe(tokenOf(line, last));
        }
      }),
    );
  });

  test('no API key value gets through unless it is to be kept', () => {
    const secretName = fc.constantFrom('api_key', 'apiKey', 'identityApiKey');
    const secret = fc.stringMatching(/^[a-z]{12}$/);
    const treatment = fc.constantFrom(...secretTreatments.filter((it) => it !== 'keep'));

    fc.assert(
      fc.property(fc.array(fc.tuple(secretName, secret)), treatment, (members, apiKeyValues) => {
        const json = members.map(([name, value]) => `"${name}":"${value}"`).join(',');
        const text = canonicalRenderer({ ...options, apiKeyValues }).line(
          lineOf(`{${json}}`),
          gold,
        );

        for (const [, value] of members) expect(text).not.toContain(value);
      }),
    );
  });
});

const allColumns = [
  ...columns.map(({ column }) => column),
  ...Object.values(ownColumns),
  'usage_plan',
  'customer_name',
];

function isKnown(name: string): boolean {
  return fieldSpelled(name) !== undefined || name === 'usage_plan' || name === 'customer_name';
}
