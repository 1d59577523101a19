import { apiTypeOf } from '../../../../lambda/core/output/api-type';
import { columnConfig, columnReader } from '../../../../lambda/core/output/columns';
import { lineOf } from '../../../support/log-lines';

const options = {
  usagePlanField: 'usage_plan',
  customerNameField: 'customer_name',
  apiKeyValues: 'mask',
} as const;
const readColumns = columnReader(columnConfig(options, String));
const nobody = {
  usagePlan: '-',
  usagePlanId: '-',
  customerName: '-',
  outcome: 'withoutKey',
} as const;

describe('the API type of a line', () => {
  const cases: { fields: Record<string, string>; apiType: string | undefined }[] = [
    { fields: { eventType: 'MESSAGE' }, apiType: 'WEBSOCKET' },
    { fields: { connectionId: 'L0SM9cOFvHcCIhw=' }, apiType: 'WEBSOCKET' },
    { fields: { routeKey: '$connect' }, apiType: 'WEBSOCKET' },
    { fields: { routeKey: '$disconnect' }, apiType: 'WEBSOCKET' },
    {
      fields: { eventType: 'CONNECT', apiKeyId: 'k1', routeKey: '$default' },
      apiType: 'WEBSOCKET',
    },
    { fields: { routeKey: 'GET /pets/{id}' }, apiType: 'HTTP' },
    { fields: { routeKey: 'ANY /' }, apiType: 'HTTP' },
    { fields: { routeKey: '$default', httpMethod: 'GET' }, apiType: 'HTTP' },
    {
      fields: { requestId: 'Y1x=', extendedRequestId: 'Y1x=', httpMethod: 'GET' },
      apiType: 'HTTP',
    },
    { fields: { resourcePath: '/pets' }, apiType: 'REST' },
    { fields: { resourceId: 'a1b2c3' }, apiType: 'REST' },
    { fields: { apiKeyId: 'k1', httpMethod: 'GET' }, apiType: 'REST' },
    {
      fields: { requestId: 'c6af', extendedRequestId: 'Y1x=', httpMethod: 'GET' },
      apiType: 'REST',
    },
    {
      fields: { resourceId: 'a1b2c3', eventType: '-', connectionId: '-', routeKey: '-' },
      apiType: 'REST',
    },

    { fields: {}, apiType: undefined },
    { fields: { eventType: '-', resourcePath: '-', routeKey: '' }, apiType: undefined },
    { fields: { httpMethod: 'GET', path: '/', extendedRequestId: 'Y1x=' }, apiType: undefined },
    { fields: { routeKey: '$default' }, apiType: undefined },
    { fields: { routeKey: 'chat' }, apiType: undefined },
    { fields: { apiKeyId: 'k1' }, apiType: undefined },
    { fields: { requestId: 'Y1x=', extendedRequestId: 'Y1x=' }, apiType: undefined },
  ];
  for (const { fields, apiType } of cases) {
    test(`is ${apiType ?? 'unknown'} for ${JSON.stringify(fields)}`, () => {
      expect(apiTypeOf(readColumns(lineOf(fields), nobody))).toBe(apiType);
    });
  }
});
