import { fieldNamed, fields } from '../../../../../lambda/core/fields';
import { type ApiType, logFormat } from '../../../../../lambda/core/format/known/log-format';
import { readLogLine } from '../../../../../lambda/core/record/read-log-line';

const common = `
  apiId stage domainName requestId extendedRequestId requestTime requestTimeEpoch status
  identity.sourceIp identity.userAgent identity.user identity.userArn
  error.message error.responseType authorizer.error authorizer.latency authorizer.status
  integration.error integration.latency integration.status integration.requestId`;
const keyed = `
  identity.apiKeyId authorizer.principalId authorize.error authorize.latency authorize.status
  authenticate.error authenticate.latency authenticate.status waf.error waf.latency waf.status`;

/** What AWS documents for stages of each type; an HTTP API refuses a format with anything else. */
const documented: Record<ApiType, string> = {
  REST: `${common} ${keyed} accountId httpMethod path resourcePath protocol responseLength
    responseLatency wafResponseCode webaclArn xrayTraceId`,
  HTTP: `${common} accountId httpMethod path routeKey protocol responseLength responseLatency
    dataProcessed`,
  WEBSOCKET: `${common} ${keyed} routeKey eventType connectionId connectedAt messageId`,
};

function membersOf(apiType: ApiType): [name: string, value: string][] {
  return Object.entries(JSON.parse(logFormat(apiType)) as Record<string, string>);
}

describe('logFormat', () => {
  for (const apiType of ['REST', 'HTTP', 'WEBSOCKET'] as const) {
    describe(apiType, () => {
      test('is one line of JSON whose values are all quoted variables', () => {
        expect(logFormat(apiType)).not.toMatch(/[\r\n]/);
        for (const [, value] of membersOf(apiType)) expect(value).toMatch(/^\$context\.[\w.]+$/);
      });

      test('names each field by its canonical column', () => {
        for (const [name, value] of membersOf(apiType)) {
          expect(fieldNamed(name)?.column).toBe(name);
          expect(`$context.${fieldNamed(name)?.variable}`).toBe(value);
        }
      });

      test('asks for nothing that a stage does not know', () => {
        const known = documented[apiType].split(/\s+/);
        const asked = membersOf(apiType).map(([, value]) => value.replace('$context.', ''));

        expect(asked.filter((variable) => !known.includes(variable))).toEqual([]);
      });

      test('contains no secret', () => {
        const secrets = fields.filter((field) => field.secret).map((field) => field.column);

        expect(membersOf(apiType).filter(([name]) => secrets.includes(name))).toEqual([]);
      });

      test('identifies the request, the API and the stage', () => {
        expect(JSON.parse(logFormat(apiType))).toMatchObject({
          request_id: '$context.requestId',
          extended_request_id: '$context.extendedRequestId',
          api_id: '$context.apiId',
          stage: '$context.stage',
          status: '$context.status',
        });
      });

      test('stays below the 3 KB that a format may have', () => {
        expect(Buffer.byteLength(logFormat(apiType))).toBeLessThan(3000);
      });

      test('makes lines that are JSON even when no variable has a value', () => {
        const line = logFormat(apiType).replace(/\$context\.[\w.]+/g, '-');

        expect(readLogLine(line)?.members).toHaveLength(membersOf(apiType).length);
      });
    });
  }

  for (const apiType of ['REST', 'WEBSOCKET'] as const) {
    test(`asks a ${apiType} API for the API key id`, () => {
      expect(JSON.parse(logFormat(apiType))).toHaveProperty('api_key_id');
    });
  }
});
