/** What became of a request, and where it failed if it did. */

import { literal } from '../dialect';

/** A request failed if its status is 400 or more. A redirect is an answer. */
export const failed = 'status >= 400';

/** `2xx` and so on; NULL without a status, as lines of WebSocket events may be. */
export const statusClass = `case
  when status < 200 then '1xx'
  when status < 300 then '2xx'
  when status < 400 then '3xx'
  when status < 500 then '4xx'
  when status >= 500 then '5xx'
end`;

export type Outcome =
  | 'ok'
  | 'waf'
  | 'throttle'
  | 'quota'
  | 'limit'
  | 'authorizer'
  | 'integration'
  | 'gateway'
  | 'caller';

export const outcomeDefinitions: Readonly<Record<Outcome, string>> = {
  ok: 'answered with a status below 400, or without a status, as WebSocket events are',
  waf: 'blocked by AWS WAF',
  throttle: '429, because the caller was too fast',
  quota: "429, because the plan's quota was used up",
  limit: '429 of API Gateway, and the log does not say which limit',
  authorizer: 'refused by an authorizer, or the authorizer itself failed',
  integration: 'the integration failed, timed out, or answered with 5xx or 429',
  gateway: 'any other 5xx: API Gateway or its configuration',
  caller: "any other 4xx, the integration's own included: the request was wrong",
};

const authorizerTypes = [
  'UNAUTHORIZED',
  'ACCESS_DENIED',
  'AUTHORIZER_FAILURE',
  'AUTHORIZER_CONFIGURATION_ERROR',
  'EXPIRED_TOKEN',
  'INVALID_SIGNATURE',
];
const integrationTypes = ['INTEGRATION_FAILURE', 'INTEGRATION_TIMEOUT'];

/** The first of these conditions that a row meets decides its outcome; a row that meets none is the caller's. */
const branches: readonly (readonly [condition: string, outcome: Outcome])[] = [
  ['status is null or status < 400', 'ok'],
  ["waf_response_code = 'WAF_BLOCK' or error_response_type = 'WAF_FILTERED'", 'waf'],
  ["error_response_type = 'THROTTLED'", 'throttle'],
  ["error_response_type = 'QUOTA_EXCEEDED'", 'quota'],
  [
    'status = 429 and (integration_status = 429 or integration_service_status = 429)',
    'integration',
  ],
  ["status = 429 and error_message = 'Too Many Requests'", 'throttle'],
  ["status = 429 and error_message = 'Limit Exceeded'", 'quota'],
  ['status = 429', 'limit'],
  [isOneOf('error_response_type', authorizerTypes), 'authorizer'],
  [
    'authorizer_error is not null or authorize_error is not null or authenticate_error is not null',
    'authorizer',
  ],
  [
    `${isOneOf('error_response_type', integrationTypes)} or integration_error is not null`,
    'integration',
  ],
  ['status >= 500 and error_response_type is not null', 'gateway'],
  [
    'status >= 500 and (integration_status is not null or integration_latency is not null or status in (502, 504))',
    'integration',
  ],
  ['status >= 500', 'gateway'],
  ['status = 401 and integration_status is null and integration_latency is null', 'authorizer'],
];

/** Those that a row with status 429 can meet: it meets the last. */
const branchesOf429 = branches.slice(0, branches.findIndex(([, it]) => it === 'limit') + 1);

/** An expression whose value follows from a row's outcome; it looks at no column that it need not. */
function byOutcome(valueFor: (outcome: Outcome) => string, of = branches): string {
  const otherwise = valueFor('caller');
  const values = of.map(([condition, it]) => ({ condition, value: valueFor(it) }));
  const deciding = values.slice(0, values.findLastIndex(({ value }) => value !== otherwise) + 1);
  const whens = deciding.map(({ condition, value }) => `when ${condition} then ${value}`);
  return `case\n  ${whens.join('\n  ')}\n  else ${otherwise}\nend`;
}

/**
 * The outcome of a row. The response type is the best sign; without one (a log format need not have it)
 * the texts of errors and what is known of the integration do.
 */
export const outcome = byOutcome(literal);

/** Whether a row has this outcome. */
export function outcomeIs(wanted: Outcome): string {
  return byOutcome((it) => String(it === wanted));
}

/** Which limit a request with status 429 met. */
export const limitKind = byOutcome(
  (it) => literal(it === 'throttle' || it === 'quota' || it === 'integration' ? it : 'not told'),
  branchesOf429,
);

export const limitKindDefinitions = {
  throttle: 'requests came faster than the plan, the stage or the account allows',
  quota: "the plan's requests of the period were used up",
  integration: 'the backend itself said no',
  'not told': 'the log has neither response type nor message',
} as const;

/** Whether a request counts against a quota: API Gateway let it through, however the backend answered. */
export const accepted = byOutcome((it) => {
  if (it === 'caller') return 'error_response_type is null';
  return String(it === 'ok' || it === 'integration');
});

/** The columns that decide outcomes; the status alone separates `caller` from the rest. */
export const outcomeColumns = ['status', 'error_response_type'] as const;

/** DuckDB joins a list of values, of all rows, before it looks at any condition. */
function isOneOf(column: string, values: readonly string[]): string {
  return values.map((value) => `${column} = ${literal(value)}`).join(' or ');
}
