/** Where requests come from, who is let in, and who is kept out. */

import { columnsNamed } from './columns';
import { bucketStart, percent, within } from './fragments';
import { percentilePanel } from './latency';
import { failed, outcome, outcomeColumns, outcomeIs } from './outcome';
import type { Panel } from './panel';
import { countedBy, LISTED, limited, MINIMUM, TOP } from './patterns';
import { sql } from './sql';

const affected = { affected_customers: 'count(distinct customer_name)' };
const people = { customers: 'count(distinct customer_name)' };
const seen = {
  first_seen: 'min(request_time_epoch)',
  last_seen: 'max(request_time_epoch)',
};

export const security: readonly Panel[] = [
  {
    id: 'countries',
    page: 'security',
    title: 'Countries',
    question: 'Where do requests come from?',
    definition:
      "Requests by the country that the caller's address is registered in, with their share of those whose country is known.",
    shape: 'map',
    columns: columnsNamed('country', 'requests', 'percent', 'customers'),
    empty: 'No address with a known country in this period.',
    needs: ['source_ip'],
    covers: ['Sumo Logic: Client IP Location'],
    sql: (scope) =>
      countedBy(scope, {
        by: { country: 'country' },
        where: ['country is not null'],
        measures: people,
      }),
  },
  {
    id: 'error-countries',
    page: 'security',
    title: 'Countries of failed requests',
    question: 'Where do failing requests come from?',
    definition:
      "Failed requests by the country that the caller's address is registered in, with their share of those whose country is known.",
    shape: 'map',
    columns: columnsNamed('country', 'requests', 'percent', 'affected_customers'),
    empty: 'No failed request from an address with a known country in this period.',
    needs: ['source_ip', 'status'],
    covers: ['Sumo Logic: Client IP Location on Error'],
    sql: (scope) =>
      countedBy(scope, {
        by: { country: 'country' },
        where: [failed, 'country is not null'],
        measures: affected,
      }),
  },
  {
    id: 'addresses',
    page: 'security',
    title: 'Addresses',
    question: 'Which addresses send the most requests?',
    definition: "Requests by the caller's address, with their share of all requests.",
    shape: 'bars',
    limit: TOP,
    columns: columnsNamed('source_ip', 'requests', 'percent', 'customers'),
    empty: 'No request with an address in this period.',
    needs: ['source_ip'],
    covers: ['Sumo Logic: Top 10 Client IPs'],
    sql: (scope) =>
      countedBy(scope, {
        by: { source_ip: 'source_ip' },
        where: ['source_ip is not null'],
        measures: people,
      }),
  },
  {
    id: 'error-addresses',
    page: 'security',
    title: 'Addresses of failed requests',
    question: 'Which addresses send the requests that fail?',
    definition: "Failed requests by the caller's address, with their share of all failed requests.",
    shape: 'bars',
    limit: TOP,
    columns: columnsNamed('source_ip', 'requests', 'percent', 'affected_customers'),
    empty: 'No failed request with an address in this period.',
    needs: ['source_ip', 'status'],
    covers: ['Sumo Logic: Top 10 Client IPs by Errors'],
    sql: (scope) =>
      countedBy(scope, {
        by: { source_ip: 'source_ip' },
        where: [failed, 'source_ip is not null'],
        measures: affected,
      }),
  },
  {
    id: 'networks',
    page: 'security',
    title: 'Networks',
    question: 'From which networks are the APIs called?',
    definition: `Requests by network: the /24 of an IPv4 and the /48 of an IPv6 address. Rates need ${MINIMUM} requests.`,
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'network',
      'country',
      'requests',
      'percent',
      'failed_percent',
      'customers',
      'addresses',
    ),
    minimum: MINIMUM,
    empty: 'No request with an address in this period.',
    needs: ['source_ip'],
    sql: (scope) =>
      countedBy(scope, {
        by: { network: 'network', country: 'country' },
        where: ['network is not null'],
        measures: {
          failed_percent: percent(`count(*) filter (where ${failed})`, 'count(*)', MINIMUM),
          ...people,
          addresses: 'count(distinct source_ip)',
        },
      }),
  },
  {
    id: 'spread-of-customers',
    page: 'security',
    title: 'Spread of customers',
    question: 'Is a key shared or stolen?',
    definition:
      'Customers by the number of countries, networks and addresses that their requests come from.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'customer_name',
      'countries',
      'networks',
      'addresses',
      'keys',
      'requests',
    ),
    empty: 'No request of a customer with an address in this period.',
    needs: ['source_ip', 'api_key_id'],
    sql: (scope) => sql`
      select customer_name,
        count(distinct country) as countries,
        count(distinct network) as networks,
        count(distinct source_ip) as addresses,
        count(distinct api_key_id) as keys,
        sum(requests) as requests
      from (
        select customer_name, country, network, source_ip, api_key_id, count(*) as requests
        from requests
        where ${within(scope, scope.filter)}
          and customer_name is not null
          and source_ip is not null
        group by 1, 2, 3, 4, 5
      ) as places
      group by 1
      order by 2 desc, 3 desc, 4 desc, 1
      ${limited(scope)}
    `,
  },
  {
    id: 'waf-blocks',
    page: 'security',
    title: 'Blocked by WAF',
    question: 'What does the web application firewall block?',
    definition: 'Requests that AWS WAF blocked, by endpoint and what it said.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'api_id',
      'domain_name',
      'stage',
      'http_method',
      'endpoint',
      'waf_error',
      'waf_status',
      'waf_response_code',
      'webacl_arn',
      'error_message',
      'error_response_type',
      'status',
      'requests',
      'percent',
      'addresses',
      'affected_customers',
    ),
    empty: 'WAF blocked nothing in this period, as far as the log says.',
    needs: ['waf_response_code'],
    covers: ['Sumo Logic: Top WAF Block Errors for REST and WebSocket API'],
    sql: (scope) =>
      countedBy(scope, {
        by: {
          api_id: 'api_id',
          domain_name: 'domain_name',
          stage: 'stage',
          http_method: 'http_method',
          endpoint: 'endpoint',
          waf_error: 'waf_error',
          waf_status: 'waf_status',
          waf_response_code: 'waf_response_code',
          webacl_arn: 'webacl_arn',
          error_message: 'error_message',
          error_response_type: 'error_response_type',
          status: 'status',
        },
        where: [failed, outcomeIs('waf')],
        measures: { addresses: 'count(distinct source_ip)', ...affected },
      }),
  },
  percentilePanel({
    id: 'waf-latency-by-api',
    page: 'security',
    title: 'WAF latency by API',
    question: 'How much time does the firewall take?',
    definition: 'Latency of AWS WAF by API and stage.',
    empty: 'No request with a WAF latency in this period.',
    needs: ['waf_latency', 'api_id', 'stage'],
    covers: ['Sumo Logic: WAF Latency for REST and WebSocket API'],
    latency: 'waf_latency',
    by: { api_id: 'api_id', stage: 'stage' },
  }),
  percentilePanel({
    id: 'waf-latency-by-endpoint',
    page: 'security',
    title: 'WAF latency by endpoint',
    question: 'For which endpoints does the firewall take time?',
    definition: 'Latency of AWS WAF by API, domain, stage, method and endpoint.',
    empty: 'No request with a WAF latency in this period.',
    needs: ['waf_latency', 'domain_name', 'resource_path'],
    covers: ['Sumo Logic: Percentile WAF Latency for REST and WebSocket API'],
    latency: 'waf_latency',
    by: {
      api_id: 'api_id',
      domain_name: 'domain_name',
      stage: 'stage',
      http_method: 'http_method',
      endpoint: 'endpoint',
    },
  }),
  {
    id: 'authentication-failures',
    page: 'security',
    title: 'Not let in',
    question: 'Who is refused, and since when?',
    definition:
      'Requests with status 401, 402 or 403, or refused by an authorizer, by endpoint, plan and customer.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'domain_name',
      'status',
      'outcome',
      'error_response_type',
      'http_method',
      'endpoint',
      'usage_plan',
      'customer_name',
      'requests',
      'percent',
      'addresses',
      'first_seen',
      'last_seen',
    ),
    empty: 'Nobody was refused in this period.',
    needs: [...outcomeColumns, 'domain_name'],
    covers: ['AWS: Authentication Failed Requests'],
    sql: (scope) =>
      countedBy(scope, {
        by: {
          domain_name: 'domain_name',
          status: 'status',
          outcome,
          error_response_type: 'error_response_type',
          http_method: 'http_method',
          endpoint: 'endpoint',
          usage_plan: 'usage_plan',
          customer_name: 'customer_name',
        },
        where: [failed, `(status in (401, 402, 403) or ${outcomeIs('authorizer')})`],
        measures: { addresses: 'count(distinct source_ip)', ...seen },
      }),
  },
  {
    id: 'cognito-users',
    page: 'security',
    title: 'Users of Cognito',
    question: 'Which users of Cognito call what?',
    definition:
      'Requests of users whom Cognito or a token identified, by day, plan, domain, endpoint and user.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'time',
      'usage_plan',
      'domain_name',
      'endpoint',
      'status',
      'authorizer_principal_id',
      'authorizer_claims_property',
      'cognito_authentication_type',
      'cognito_identity_id',
      'cognito_identity_pool_id',
      'requests',
      'percent',
    ),
    empty: 'No request of a user of Cognito in this period.',
    needs: ['authorizer_claims_property', 'cognito_identity_id'],
    covers: ['AWS: Cognito based access control'],
    sql: (scope) =>
      countedBy(scope, {
        by: {
          time: bucketStart('request_time_epoch', scope, 'day', scope.from),
          usage_plan: 'usage_plan',
          domain_name: 'domain_name',
          endpoint: 'endpoint',
          status: 'status',
          authorizer_principal_id: 'authorizer_principal_id',
          authorizer_claims_property: 'authorizer_claims_property',
          cognito_authentication_type: 'cognito_authentication_type',
          cognito_identity_id: 'cognito_identity_id',
          cognito_identity_pool_id: 'cognito_identity_pool_id',
        },
        where: [
          '(authorizer_claims_property is not null or cognito_authentication_type is not null or cognito_identity_id is not null)',
        ],
      }),
  },
  {
    id: 'iam-callers',
    page: 'security',
    title: 'Callers of IAM',
    question: 'Which IAM users and roles call what?',
    definition: 'Requests that IAM authenticated, by caller, domain, endpoint and status.',
    shape: 'table',
    limit: LISTED,
    columns: columnsNamed(
      'domain_name',
      'http_method',
      'endpoint',
      'status',
      'usage_plan',
      'customer_name',
      'user',
      'user_arn',
      'caller',
      'caller_account_id',
      'requests',
      'percent',
      'addresses',
      'first_seen',
      'last_seen',
    ),
    empty: 'No request that IAM authenticated in this period.',
    needs: ['user_arn', 'caller'],
    covers: ['AWS: Authenticated with IAM'],
    sql: (scope) =>
      countedBy(scope, {
        by: {
          domain_name: 'domain_name',
          http_method: 'http_method',
          endpoint: 'endpoint',
          status: 'status',
          usage_plan: 'usage_plan',
          customer_name: 'customer_name',
          user: 'user',
          user_arn: 'user_arn',
          caller: 'caller',
          caller_account_id: 'caller_account_id',
        },
        where: ['(user_arn is not null or caller is not null)'],
        measures: { addresses: 'count(distinct source_ip)', ...seen },
      }),
  },
  {
    id: 'tls-versions',
    page: 'security',
    title: 'Versions of TLS',
    question: 'Who still uses old encryption?',
    definition: 'Requests by version of TLS, with their share of those that have one.',
    shape: 'bars',
    limit: LISTED,
    columns: columnsNamed('tls_version', 'requests', 'percent', 'customers'),
    empty: 'No request with a version of TLS in this period.',
    needs: ['tls_version'],
    sql: (scope) =>
      countedBy(scope, {
        by: { tls_version: 'tls_version' },
        where: ['tls_version is not null'],
        measures: people,
      }),
  },
];
