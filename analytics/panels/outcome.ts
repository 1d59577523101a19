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

/**
 * The outcome of a row. The response type tells it best; without one (a log format need not have it)
 * the texts of errors and what is known of the integration do.
 */
export const outcome = `case
  when status is null or status < 400 then 'ok'
  when waf_response_code = 'WAF_BLOCK' or error_response_type = 'WAF_FILTERED' then 'waf'
  when error_response_type = 'THROTTLED' then 'throttle'
  when error_response_type = 'QUOTA_EXCEEDED' then 'quota'
  when status = 429 and (integration_status = 429 or integration_service_status = 429) then 'integration'
  when status = 429 and error_message = 'Too Many Requests' then 'throttle'
  when status = 429 and error_message = 'Limit Exceeded' then 'quota'
  when status = 429 then 'limit'
  when ${isOneOf('error_response_type', authorizerTypes)} then 'authorizer'
  when authorizer_error is not null or authorize_error is not null or authenticate_error is not null then 'authorizer'
  when ${isOneOf('error_response_type', integrationTypes)} or integration_error is not null then 'integration'
  when status >= 500 and error_response_type is not null then 'gateway'
  when status >= 500 and (integration_status is not null or integration_latency is not null or status in (502, 504)) then 'integration'
  when status >= 500 then 'gateway'
  when status = 401 and integration_status is null and integration_latency is null then 'authorizer'
  else 'caller'
end`;

/** Which limit a request with status 429 met. */
export const limitKind = `case ${outcome}
  when 'throttle' then 'throttle'
  when 'quota' then 'quota'
  when 'integration' then 'integration'
  else 'not told'
end`;

export const limitKindDefinitions = {
  throttle: 'requests came faster than the plan, the stage or the account allows',
  quota: "the plan's requests of the period were used up",
  integration: 'the backend itself said no',
  'not told': 'the log has neither response type nor message',
} as const;

/** Whether a request counts against a quota: API Gateway let it through, however the backend answered. */
export const accepted = `(status is null or status < 400 or ${outcome} = 'integration' or (${outcome} = 'caller' and error_response_type is null))`;

/** The columns that tell outcomes apart; the status alone tells caller from the rest. */
export const outcomeColumns = ['status', 'error_response_type'] as const;

/** DuckDB joins a list of values, of all rows, before it looks at any condition. */
function isOneOf(column: string, values: readonly string[]): string {
  return values.map((value) => `${column} = ${literal(value)}`).join(' or ');
}
