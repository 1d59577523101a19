import { deliveredLine } from '../../../cli/invoke/delivered-line';
import { readSettings } from '../../../lambda/core/settings/settings';

const settings = (environment: Record<string, string> = {}) => readSettings(environment);
const read = (line: unknown, environment?: Record<string, string>) =>
  deliveredLine(JSON.stringify(line), settings(environment));

test('a line as it came, with the fields appended', () => {
  const line = {
    requestTime: '20/Nov/2026:09:14:04 +0000',
    httpMethod: 'GET',
    path: '/orders',
    status: '200',
    apiKey: '****6789',
    usage_plan: 'Gold',
    customer_name: 'Acme',
  };

  expect(read(line)).toEqual({
    time: '09:14:04',
    method: 'GET',
    path: '/orders',
    status: '200',
    usagePlan: 'Gold',
    customer: 'Acme',
    added: ['usage_plan', 'customer_name'],
    masked: ['apiKey'],
    isUnparsed: false,
  });
});

test('names of its own for the appended fields', () => {
  const environment = { USAGE_PLAN_FIELD: 'plan', CUSTOMER_NAME_FIELD: 'who' };

  expect(read({ plan: 'Gold', who: '-' }, environment)).toMatchObject({
    usagePlan: 'Gold',
    customer: '-',
    added: ['plan', 'who'],
  });
});

test('a document has it deep inside', () => {
  const line = {
    '@timestamp': '2026-11-20T09:14:30.000Z',
    http: { request: { method: 'POST' }, response: { status_code: 403 } },
    url: { path: '/orders' },
    organization: { name: 'Acme' },
    aws: { api_gateway: { usage_plan: { name: 'Gold' }, api_key: { value: '****cdef' } } },
  };

  expect(read(line, { OUTPUT: 'ecs' })).toEqual({
    time: '09:14:30',
    method: 'POST',
    path: '/orders',
    status: '403',
    usagePlan: 'Gold',
    customer: 'Acme',
    added: ['aws.api_gateway.usage_plan.name', 'organization.name'],
    masked: ['aws.api_gateway.api_key.value'],
    isUnparsed: false,
  });
});

test('nested names are read by the path of their variable', () => {
  const line = {
    context: { httpMethod: 'PUT', 'request-time-epoch': 1_763_630_044 },
    status: null,
  };

  expect(read(line)).toMatchObject({ method: 'PUT', time: '09:14:04', status: '-' });
});

test("an HTTP API's route stands for method and path", () => {
  expect(read({ routeKey: 'GET /orders/{id}' })).toMatchObject({
    method: 'GET',
    path: '/orders/{id}',
  });
});

test('what nothing could read', () => {
  expect(read({ unparsed_line: 'x' })).toMatchObject({ isUnparsed: true, added: [] });
});
