/**
 * Rows of `access` with everything that panels look at, from a seed: customers that come and go and
 * have hostile names, plans that are renamed, limits of every kind, repeated lines, lines that tell
 * little. Small, so that what they should give can be worked out row by row.
 */

import { type Seeded, seeded } from '../../analytics/sample/seeded';
import type { AccessRow } from './access-table';
import { shortHostileValues } from './hostile-values';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface SeededAccess {
  /** One row a line. */
  readonly lines: readonly AccessRow[];
  /** One row a request: what is left without the repeated and the unreadable lines. */
  readonly requests: readonly AccessRow[];
}

interface Customer {
  readonly name: string | null;
  readonly keys: readonly (string | null)[];
  readonly plan: string | null;
  readonly weight: number;
  /** Parts of the whole time in which it has requests. */
  readonly active: readonly (readonly [from: number, to: number])[];
}

const customers: readonly Customer[] = [
  { name: 'Acme', keys: ['k1', 'k2'], plan: 'p-gold', weight: 10, active: [[0, 1]] },
  { name: '=Bad & <b>Co</b>', keys: ['k3'], plan: 'p-free', weight: 5, active: [[0, 1]] },
  { name: "O'Brien", keys: ['k4'], plan: 'p-free', weight: 4, active: [[0, 0.6]] },
  { name: 'Neuling 新', keys: ['k5'], plan: 'p-gold', weight: 6, active: [[0.92, 1]] },
  {
    name: 'Rückkehrer',
    keys: ['k6'],
    plan: 'p-trial',
    weight: 3,
    active: [
      [0, 0.3],
      [0.9, 1],
    ],
  },
  { name: 'Silent', keys: ['k7'], plan: 'p-trial', weight: 4, active: [[0, 0.88]] },
  { name: 'Only a name', keys: ['k8'], plan: null, weight: 2, active: [[0.2, 1]] },
  { name: null, keys: ['k9-unknown'], plan: null, weight: 2, active: [[0, 1]] },
  { name: null, keys: [null], plan: null, weight: 5, active: [[0, 1]] },
];

const apis = [
  { id: 'rest1', type: 'REST', stages: ['prod', 'dev'], domain: 'api.example.com' },
  { id: 'http1', type: 'HTTP', stages: ['$default'], domain: 'http.example.com' },
  { id: 'ws1', type: 'WEBSOCKET', stages: ['live'], domain: null },
] as const;

const agents = ['okhttp/4.9.1', 'python-requests/2.31 (x)', 'Mozilla/5.0 (X11)', 'curl/8.0', null];
const methods = ['GET', 'POST', 'DELETE'];
const endpoints = ['/orders', '/orders/{id}', '/customers/{id}/invoices', '/health'];

type Failure = Readonly<Record<string, string | number>>;

const failures: readonly (Failure & { weight: number })[] = [
  { weight: 6, status: 429, error_response_type: 'THROTTLED', error_message: 'Too Many Requests' },
  {
    weight: 6,
    status: 429,
    error_response_type: 'QUOTA_EXCEEDED',
    error_message: 'Limit Exceeded',
  },
  { weight: 2, status: 429, error_message: 'Limit Exceeded' },
  { weight: 2, status: 429, error_message: 'Too Many Requests' },
  { weight: 2, status: 429 },
  { weight: 2, status: 429, integration_status: 429 },
  { weight: 2, status: 429, integration_service_status: 429 },
  {
    weight: 4,
    status: 403,
    waf_response_code: 'WAF_BLOCK',
    waf_status: 403,
    waf_error: 'blocked',
    webacl_arn: 'arn:aws:wafv2:acl/1',
    error_response_type: 'WAF_FILTERED',
    error_message: 'Forbidden',
  },
  { weight: 2, status: 403, error_response_type: 'INVALID_API_KEY', error_message: 'Forbidden' },
  {
    weight: 4,
    status: 403,
    error_response_type: 'ACCESS_DENIED',
    authorizer_error: 'explicit deny',
    authorizer_principal_id: 'user-1',
    authorizer_status: 403,
  },
  { weight: 3, status: 401, error_response_type: 'UNAUTHORIZED', error_message: 'Unauthorized' },
  { weight: 2, status: 401 },
  { weight: 2, status: 401, integration_status: 401, integration_latency: 12 },
  { weight: 1, status: 401, authenticate_error: 'no signature' },
  { weight: 1, status: 500, error_response_type: 'AUTHORIZER_FAILURE', authorizer_error: 'boom' },
  { weight: 4, status: 404, integration_status: 404, integration_latency: 9 },
  { weight: 2, status: 400, error_response_type: 'BAD_REQUEST_BODY' },
  {
    weight: 4,
    status: 502,
    error_response_type: 'INTEGRATION_FAILURE',
    integration_error: 'reset',
  },
  { weight: 3, status: 504, error_response_type: 'INTEGRATION_TIMEOUT', integration_error: 'slow' },
  { weight: 3, status: 500, integration_status: 500, integration_latency: 44 },
  { weight: 2, status: 504 },
  { weight: 2, status: 500, error_response_type: 'API_CONFIGURATION_ERROR' },
  { weight: 2, status: 503 },
];

/** Lines of `days` that end at `to`. */
export function seededAccess(
  seed: number,
  { to, days, count }: { to: number; days: number; count: number },
): SeededAccess {
  const random = seeded(seed);
  const requests: AccessRow[] = [];
  const lines: AccessRow[] = [];
  for (let number = 0; number < count; number++) {
    const request = requestOf(random, number, to, days);
    requests.push(request);
    lines.push(request, ...copies(random, request));
  }
  for (let number = 0; number < 5; number++) {
    lines.push({ unparsed_line: `not JSON ${number}` }, { unparsed_line_base64: '/////w==' });
    const untimed = { api_id: 'rest1', stage: 'prod', request_id: `untimed-${number}` };
    lines.push(untimed);
    requests.push(untimed);
  }
  return { lines, requests };
}

/** Sometimes the same line again, sometimes one that had not been attributed. */
function copies(random: Seeded, request: AccessRow): AccessRow[] {
  if (!random.chance(0.05)) return [];
  if (random.chance(0.5)) return [request, request];
  const { customer_name: _, usage_plan: __, usage_plan_id: ___, ...bare } = request;
  return [bare];
}

function requestOf(random: Seeded, number: number, to: number, days: number): AccessRow {
  const part = partOf(random);
  // Whole tenths of a second, so that times repeat.
  const time = to - days * DAY + Math.floor((part * days * DAY) / 100) * 100;
  const there = customers.filter(({ active }) =>
    active.some(([from, until]) => part >= from && part < until),
  );
  const customer = random.weighted(there);
  const api = random.pick(apis);
  const key = random.pick(customer.keys);
  const failure = random.chance(0.25) ? random.weighted(failures) : undefined;
  const isHostile = random.chance(0.05);
  const hostile = () => random.pick(storable);
  const network = random.between(1, 9);
  const isWebSocket = api.type === 'WEBSOCKET';
  const { weight: _, ...failed } = failure ?? { weight: 0 };
  return dropNothing({
    request_time_epoch: time,
    // Some formats have one id, some the other.
    extended_request_id: number % 7 === 0 ? null : `ext-${number}`,
    request_id: `req-${number}`,
    xray_trace_id: number % 3 === 0 ? `1-trace-${number}` : null,
    api_id: api.id,
    api_type: api.type,
    stage: random.pick(api.stages),
    domain_name: api.domain,
    http_method: isWebSocket ? null : random.pick(methods),
    protocol: isWebSocket ? null : random.pick(['HTTP/1.1', 'HTTP/2']),
    event_type: isWebSocket ? random.pick(['CONNECT', 'MESSAGE', 'DISCONNECT']) : null,
    route_key: isWebSocket ? '$default' : null,
    endpoint: isHostile ? hostile() : random.pick(endpoints),
    path: isHostile ? hostile() : `/p/${random.between(1, 50)}`,
    status: isWebSocket && random.chance(0.3) ? null : random.weighted(successes).status,
    response_latency: isWebSocket ? null : latencyOf(random),
    integration_latency: random.chance(0.8) ? random.between(1, 4) : null,
    integration_status: random.chance(0.5) ? 200 : null,
    authorizer_latency: random.chance(0.3) ? random.between(1, 30) : null,
    authorizer_integration_latency: random.chance(0.3) ? random.between(1, 30) : null,
    response_length: random.between(0, 5_000),
    waf_latency: api.type === 'HTTP' ? null : random.between(0, 9),
    api_key_id: key,
    customer_name: customer.name,
    usage_plan_id: number % 11 === 0 ? null : customer.plan,
    usage_plan: customer.plan === null ? null : planNameOf(customer.plan, part),
    source_ip: `203.0.113.${network}${random.between(0, 3)}`,
    network: `203.0.${network}.0/24`,
    country: random.pick(['DE', 'US', 'FR', null]),
    user_agent: isHostile ? hostile() : random.pick(agents),
    tls_version: random.pick(['TLSv1.2', 'TLSv1.3', null]),
    user_arn: random.chance(0.1) ? 'arn:aws:iam::123456789012:user/ann' : null,
    user: random.chance(0.1) ? 'AIDA1' : null,
    caller: random.chance(0.1) ? 'AIDA1' : null,
    caller_account_id: random.chance(0.1) ? '123456789012' : null,
    authorizer_claims_property: random.chance(0.1) ? `sub-${random.between(1, 3)}` : null,
    cognito_identity_id: random.chance(0.05) ? 'eu-west-1:1' : null,
    cognito_authentication_type: random.chance(0.05) ? 'authenticated' : null,
    ...failed,
  });
}

const successes = [
  { status: 200, weight: 20 },
  { status: 201, weight: 5 },
  { status: 304, weight: 2 },
  { status: 101, weight: 1 },
];

/** Text that the engine can hold: no NUL, no half of a surrogate pair. */
const storable = shortHostileValues
  .map(({ value }) => value)
  .filter((value) => value !== '' && value !== '-' && value.isWellFormed());

/** More and more requests, with a peak of a day, and a gap of a day. */
function partOf(random: Seeded): number {
  for (;;) {
    const part = random.chance(0.15) ? 0.8 + random.next() / 60 : Math.sqrt(random.next());
    if (part < 0.7 || part > 0.72) return part;
  }
}

function latencyOf(random: Seeded): number {
  return random.chance(0.02) ? random.between(2_000, 40_000) : Math.round(random.around(60, 1)) + 5;
}

/** The plan got another name, its id stayed. */
function planNameOf(plan: string, part: number): string {
  if (plan === 'p-gold') return part < 0.93 ? 'Gold' : 'Gold plus';
  return plan === 'p-free' ? 'Free' : 'Trial';
}

function dropNothing(row: Record<string, string | number | null>): AccessRow {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
