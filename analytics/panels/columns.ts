/** THE table of what results are made of: a name means the same in every panel. */

import type { ResultColumn, Unit } from './panel';

type Row = readonly [
  name: string,
  title: string,
  type: ResultColumn['type'],
  unit?: Unit,
  isRunning?: boolean,
];

// biome-ignore format: a table reads best with a row a line
const rows: readonly Row[] = [
  // What is measured, and when.
  ['time', 'Time', 'timestamp'],
  ['month', 'Month', 'timestamp'],
  ['weekday', 'Day of the week, Monday is 1', 'integer'],
  ['hour', 'Hour of the day', 'integer'],
  ['customer_name', 'Customer', 'string'],
  ['usage_plan', 'Plan', 'string'],
  ['plan_key', 'Plan id', 'string'],
  ['api_key_id', 'API key id', 'string'],
  ['api_id', 'API', 'string'],
  ['api_type', 'Type of API', 'string'],
  ['stage', 'Stage', 'string'],
  ['domain_name', 'Domain', 'string'],
  ['http_method', 'Method', 'string'],
  ['protocol', 'Protocol', 'string'],
  ['endpoint', 'Endpoint', 'string'],
  ['path', 'Path', 'string'],
  ['route_key', 'Route', 'string'],
  ['status', 'Status', 'integer'],
  ['status_class', 'Class', 'string'],
  ['event_type', 'Event', 'string'],
  ['tls_version', 'TLS', 'string'],
  ['authorizer_claims_property', 'Claim', 'string'],
  ['integration_service_status', 'Integration service status', 'integer'],
  ['outcome', 'Outcome', 'string'],
  ['limit_kind', 'Which limit', 'string'],
  ['movement', 'What happened', 'string'],
  ['integration_status', 'Integration status', 'integer'],
  ['error_response_type', 'Response type', 'string'],
  ['error_message', 'Error message', 'string'],
  ['authorizer_error', 'Authorizer error', 'string'],
  ['authorizer_principal_id', 'Principal', 'string'],
  ['authorizer_status', 'Authorizer status', 'integer'],
  ['integration_error', 'Integration error', 'string'],
  ['waf_error', 'WAF error', 'string'],
  ['waf_status', 'WAF status', 'integer'],
  ['waf_response_code', 'WAF answer', 'string'],
  ['webacl_arn', 'Web ACL', 'string'],
  ['request_id', 'Request id', 'string'],
  ['extended_request_id', 'Extended request id', 'string'],
  ['xray_trace_id', 'Trace id', 'string'],
  ['source_ip', 'Address', 'string'],
  ['country', 'Country', 'string'],
  ['network', 'Network', 'string'],
  ['user_agent', 'User agent', 'string'],
  ['client', 'Client', 'string'],
  ['caller', 'Caller', 'string'],
  ['user', 'IAM user', 'string'],
  ['user_arn', 'User ARN', 'string'],
  ['caller_account_id', "Caller's account", 'string'],
  ['cognito_authentication_type', 'Cognito authentication', 'string'],
  ['cognito_identity_id', 'Cognito identity', 'string'],
  ['cognito_identity_pool_id', 'Cognito identity pool', 'string'],
  ['latency_from', 'From ms', 'integer'],
  ['latency_to', 'Below ms', 'integer'],
  ['cohort', 'First week', 'timestamp'],
  ['age', 'Weeks after', 'integer'],
  ['column_name', 'Column', 'string'],
  ['event_name', 'Action', 'string'],
  ['event_status', 'Result', 'string'],
  ['effect', 'What it did', 'string'],
  ['happened', 'What happened', 'string'],
  ['settings', 'Before → after', 'string'],
  ['actor', 'Who', 'string'],
  ['user_type', 'Type of identity', 'string'],
  ['role', 'Role', 'string'],
  ['invoked_by', 'On behalf, by', 'string'],
  ['mfa', 'MFA', 'string'],
  ['account_id', 'Account', 'string'],
  ['region', 'Region', 'string'],
  ['api_name', 'API name', 'string'],
  ['api_key_name', 'API key', 'string'],
  ['error_code', 'Error code', 'string'],
  ['threat', 'Threat', 'string'],
  ['created_by', 'Made by', 'string'],
  ['deleted_by', 'Deleted by', 'string'],

  // Moments beside a measure.
  ['first_seen', 'First', 'timestamp'],
  ['last_seen', 'Last', 'timestamp'],
  ['from_time', 'From', 'timestamp'],
  ['to_time', 'To', 'timestamp'],
  ['created_time', 'Made', 'timestamp'],
  ['deleted_time', 'Deleted', 'timestamp'],
  ['first_call', 'First request', 'timestamp'],
  ['last_call', 'Last request', 'timestamp'],
  ['last_change', 'Last change', 'timestamp'],

  // Counts.
  ['requests', 'Requests', 'integer', 'requests'],
  ['ok_requests', '2xx', 'integer', 'requests'],
  ['redirects', '3xx', 'integer', 'requests'],
  ['client_errors', '4xx', 'integer', 'requests'],
  ['server_errors', '5xx', 'integer', 'requests'],
  ['failed_requests', 'Failed', 'integer', 'requests'],
  ['accepted_requests', 'Accepted', 'integer', 'requests'],
  ['refused_requests', 'Refused', 'integer', 'requests'],
  ['throttled_requests', 'Throttled', 'integer', 'requests'],
  ['quota_requests', 'Over quota', 'integer', 'requests'],
  ['other_limit_requests', 'Other limits', 'integer', 'requests'],
  ['accumulated_requests', 'Accepted since the 1st', 'integer', 'requests', true],
  ['expected_requests', 'Expected', 'number', 'requests'],
  ['month_requests', 'This month so far', 'integer', 'requests'],
  ['forecast_requests', 'Forecast of the month', 'number', 'requests'],
  ['last_month_requests', 'Last month', 'integer', 'requests'],
  ['change', 'Change', 'integer', 'requests'],
  ['customers', 'Customers', 'integer', 'customers'],
  ['affected_customers', 'Customers affected', 'integer', 'customers'],
  ['new_customers', 'New', 'integer', 'customers'],
  ['returning_customers', 'Returning', 'integer', 'customers'],
  ['silent_customers', 'Silent', 'integer', 'customers'],
  ['cohort_customers', 'Customers of the cohort', 'integer', 'customers'],
  ['keys', 'Keys', 'integer', 'keys'],
  ['addresses', 'Addresses', 'integer', 'count'],
  ['networks', 'Networks', 'integer', 'count'],
  ['countries', 'Countries', 'integer', 'count'],
  ['lines', 'Lines', 'integer', 'lines'],
  ['duplicates', 'Repeated lines', 'integer', 'lines'],
  ['unparsed', 'Unreadable lines', 'integer', 'lines'],
  ['untimed', 'Lines without a time', 'integer', 'lines'],
  ['unattributed', 'With a key, without a plan', 'integer', 'requests'],
  ['unnamed', 'With a key, without a customer', 'integer', 'requests'],
  ['keyless', 'Without a key', 'integer', 'requests'],
  ['hours', 'Hours', 'integer', 'hours'],
  ['empty_hours', 'Hours without lines', 'integer', 'hours'],
  ['filled', 'Rows with a value', 'integer', 'requests'],

  ['dark_hours', 'Hours dark', 'number', 'hours'],
  ['late_requests', 'Requests after deletion', 'integer', 'requests'],
  ['calls', 'Calls', 'integer', 'count'],
  ['write_calls', 'To change something', 'integer', 'count'],
  ['read_calls', 'To read', 'integer', 'count'],
  ['failed_calls', 'Failed', 'integer', 'count'],
  ['changed_calls', 'Changes', 'integer', 'count'],
  ['identities', 'Who', 'integer', 'count'],
  ['value_reads', 'Key values read', 'integer', 'count'],

  // Rates.
  ['percent', 'Share', 'number', 'percent'],
  ['change_percent', 'Change', 'number', 'percent'],
  ['failed_percent', 'Failed', 'number', 'percent'],
  ['server_error_percent', '5xx', 'number', 'percent'],
  ['retained_percent', 'Still there', 'number', 'percent'],
  ['score', 'Deviation', 'number', 'score'],

  // Latency and size.
  ['average_ms', 'Average', 'number', 'ms'],
  ['p50_ms', 'p50', 'number', 'ms'],
  ['p95_ms', 'p95', 'number', 'ms'],
  ['p99_ms', 'p99', 'number', 'ms'],
  ['maximum_ms', 'Slowest', 'integer', 'ms'],
  ['response_latency', 'Latency', 'integer', 'ms'],
  ['integration_latency', 'Integration latency', 'integer', 'ms'],
  ['authorizer_latency', 'Authorizer latency', 'integer', 'ms'],
  ['integration_average_ms', 'Integration average', 'number', 'ms'],
  ['authorizer_average_ms', 'Authorizer average', 'number', 'ms'],
  ['overhead_average_ms', 'Beside the integration', 'number', 'ms'],
  ['response_length', 'Size', 'integer', 'bytes'],
  ['average_bytes', 'Average size', 'number', 'bytes'],
  ['bytes', 'Bytes', 'integer', 'bytes'],
];

const known: ReadonlyMap<string, ResultColumn> = new Map(
  rows.map(([name, title, type, unit, isRunning]) => [
    name,
    { name, title, type, ...(unit && { unit }), ...(isRunning && { isRunning }) },
  ]),
);

const earlier = [
  ['previous_', 'Previous period'],
  ['weekday_', 'Same weekdays before'],
] as const;

/**
 * The columns of a result by name. `previous_requests` is `requests` of the previous period, and
 * `weekday_requests` those of the same weekdays before.
 */
export function columnsNamed(...names: readonly string[]): ResultColumn[] {
  return names.map((name) => {
    const column = known.get(name);
    if (column) return column;
    for (const [prefix, title] of earlier) {
      const measure = known.get(name.slice(prefix.length));
      if (name.startsWith(prefix) && measure) {
        return {
          ...measure,
          name,
          title: `${measure.title}, ${title.toLowerCase()}`,
          comparedWith: measure.name,
        };
      }
    }
    throw new Error(`no such column of a result: ${name}`);
  });
}
