/**
 * The sample's requests, hour by hour, as API Gateway would have logged them: by log variable. Seeded,
 * so that every run makes the same ones.
 */

import type { ApiType } from '../../lambda/core/format/known/log-format';
import {
  type Api,
  allApis,
  apis,
  type Country,
  type Customer,
  customers,
  type Endpoint,
  networksOf,
} from './product';
import { type Seeded, seeded } from './seeded';
import {
  badDeploy,
  isIn,
  lateDelivery,
  noisy,
  noLines,
  quotaRunsOut,
  SAMPLE_DAYS,
  SAMPLE_START,
} from './story';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** Values by the variable after `$context.`; the log has `-` for one that is not here. */
export type LogValues = Readonly<Record<string, string>>;

export interface SampleRequest {
  readonly apiType: ApiType;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly values: LogValues;
}

export interface TrafficOptions {
  /** About how many requests there are in all. */
  readonly requests: number;
  readonly seed?: number;
}

/** By how much growth, connections' messages and scans make the traffic more than the customers' calls. */
const EXCESS = 1.13;

/** The requests of each hour, in the order of their time. */
export function* sampleTraffic({ requests, seed = 1 }: TrafficOptions): Generator<SampleRequest[]> {
  const source = seeded(seed);
  const totalWeight = customers.reduce((sum, { weight }) => sum + weight, 0);
  const perHour = requests / (SAMPLE_DAYS * 24) / totalWeight / EXCESS;
  for (let hour = 0; hour < SAMPLE_DAYS * 24; hour++) {
    const start = SAMPLE_START + hour * HOUR;
    yield requestsOfHour(source, start, perHour).sort((a, b) => a.time - b.time);
  }
}

function requestsOfHour(source: Seeded, start: number, perHour: number): SampleRequest[] {
  if (isIn(noLines, start)) return [];
  const all: SampleRequest[] = [];
  for (const customer of customers) {
    if (!isActive(customer, start)) continue;
    const count = source.count(customer.weight * perHour * rhythm(customer, start));
    for (let i = 0; i < count; i++) {
      const time = start + source.between(0, HOUR - 1);
      const api = source.weighted(allApis);
      if (api.type === 'WEBSOCKET') all.push(...session(source, customer, time));
      else all.push(call({ source, customer, api, time }));
    }
  }
  const scans = source.count(perHour * 6);
  for (let i = 0; i < scans; i++) all.push(scan(source, start + source.between(0, HOUR - 1)));
  return all;
}

function isActive({ days }: Customer, time: number): boolean {
  if (!days) return true;
  const day = (time - SAMPLE_START) / (24 * HOUR);
  return days.some(([from, to]) => day >= from && day < to);
}

/** Hours ahead of UTC, near enough. */
const hoursAhead: { readonly [Name in Country]: number } = {
  DE: 1,
  FR: 1,
  GB: 0,
  US: -6,
  NL: 1,
  ES: 1,
  IT: 1,
  PL: 1,
  SE: 1,
  IN: 5,
  JP: 9,
  AU: 10,
  BR: -3,
  CA: -5,
};

// How busy each hour of a customer's own day is; a day's mean is about 1.
// biome-ignore format: an hour a number
const busy = {
  office: [.1, .1, .1, .1, .1, .2, .5, 1.2, 2.1, 2.4, 2.4, 2.1, 1.7, 2.1, 2.3, 2.1, 1.7, 1, .6, .4, .3, .2, .1, .1],
  shop: [.3, .2, .1, .1, .1, .2, .4, .8, 1.1, 1.3, 1.4, 1.5, 1.5, 1.4, 1.3, 1.3, 1.3, 1.4, 1.6, 1.9, 2, 1.7, 1, .5],
  machine: [1.4, .9, .9, .9, .9, .9, 1.4, .9, .9, .9, .9, .9, 1.4, .9, .9, .9, .9, .9, 1.4, .9, .9, .9, .9, .9],
};

const weekend = { office: 0.25, shop: 1.15, machine: 0.95 };

function rhythm({ name, country, rhythm: kind }: Customer, time: number): number {
  const local = new Date(time + hoursAhead[country] * HOUR);
  const isWeekend = local.getUTCDay() === 0 || local.getUTCDay() === 6;
  const growth = 1 + (0.2 * (time - SAMPLE_START)) / (SAMPLE_DAYS * 24 * HOUR);
  const usual = (busy[kind][local.getUTCHours()] ?? 1) * (isWeekend ? weekend[kind] : 1) * growth;
  return name === noisy.customer && isNoisyHour(time) ? usual * noisy.factor : usual;
}

function isNoisyHour(time: number): boolean {
  const day = (time - SAMPLE_START) / (24 * HOUR);
  return day >= noisy.fromDay && noisy.hours.includes(new Date(time).getUTCHours());
}

interface Call {
  readonly source: Seeded;
  readonly customer: Customer;
  readonly api: Api;
  readonly time: number;
}

/** How a request ended, for the variables that have it. */
type OutcomeVariables = Readonly<Record<string, string>> & { readonly status: string };

function call(it: Call): SampleRequest {
  const { source, customer, api, time } = it;
  const endpoint = source.weighted(api.endpoints);
  const isSlow = api.name === badDeploy.api && isIn(badDeploy, time);
  const latency = source.around(endpoint.latency * (isSlow ? badDeploy.slowdown : 1), 0.55);
  const outcome = outcomeOf(it, endpoint, latency);
  const path = filled(source, endpoint.path);
  const values = commonValues(it, source.pick(networksOf[customer.country]), customer.clients);
  if (api.type === 'HTTP') values['routeKey'] = `${endpoint.method} ${endpoint.path}`;
  else {
    // HTTP APIs have no API keys, and know a caller by the authorizer instead.
    values['identity.apiKeyId'] = customer.keyId;
    values['resourcePath'] = endpoint.path;
    values['xrayTraceId'] = traceId(source, time);
  }
  values['httpMethod'] = endpoint.method;
  values['path'] = api.type === 'HTTP' ? path : `/${api.stage}${path}`;
  values['protocol'] = 'HTTP/1.1';
  // Assigned one by one: to spread objects of so many shapes takes most of the time.
  for (const name in outcome) values[name] = outcome[name] as string;
  return { apiType: api.type, time, values };
}

function commonValues(
  { source, api, time }: Omit<Call, 'customer'>,
  network: string,
  clients: Customer['clients'],
): Record<string, string> {
  const extendedRequestId = source.base64Id(15);
  return {
    // The two are equal but for REST APIs.
    requestId: api.type === 'REST' ? source.uuid() : extendedRequestId,
    extendedRequestId,
    requestTime: inWords(time),
    requestTimeEpoch: String(api.type === 'HTTP' ? Math.floor(time / SECOND) : time),
    accountId: '111122223333',
    apiId: api.id,
    stage: api.stage,
    domainName: api.domain,
    // Few addresses a customer, as behind a company's gateway.
    'identity.sourceIp': `${network}.${source.between(1, 3)}.${source.between(10, 14)}`,
    'identity.userAgent': source.weighted(clients).userAgent,
  };
}

function outcomeOf(it: Call, endpoint: Endpoint, latency: number): OutcomeVariables {
  const { source, customer, api, time } = it;
  const refused = refusalOf(it);
  if (refused) return refused;

  const isBad = api.name === badDeploy.api && isIn(badDeploy, time);
  if (source.chance(isBad ? badDeploy.failureRate : 0.004)) return failureOf(source, latency);
  if (source.chance(customer.plan === 'Free' ? 0.06 : 0.022)) {
    const status = source.pick(
      endpoint.path.includes('{') ? ['404', '404', '400'] : ['400', '422'],
    );
    return answered(source, status, Math.round(latency * 0.6), 180);
  }
  return answered(source, String(endpoint.status), latency, source.around(endpoint.bytes, 0.35));
}

/** What API Gateway refuses before any backend is asked. */
function refusalOf({ source, customer, api, time }: Call): OutcomeVariables | undefined {
  if (api.type === 'HTTP') {
    return source.chance(0.015)
      ? {
          ...gatewaySays('401', 'UNAUTHORIZED', 'Unauthorized'),
          'authorizer.error': 'The token has expired',
        }
      : undefined;
  }
  if (customer.name === quotaRunsOut.customer && time >= quotaRunsOut.at) {
    return gatewaySays('429', 'QUOTA_EXCEEDED', 'Limit Exceeded');
  }
  if (customer.name === noisy.customer && isNoisyHour(time) && source.chance(noisy.throttledRate)) {
    return gatewaySays('429', 'THROTTLED', 'Too Many Requests');
  }
  if (customer.plan === 'Free' && source.chance(0.004)) {
    return gatewaySays('429', 'THROTTLED', 'Too Many Requests');
  }
  if (api.name === 'labels' && source.chance(0.006)) {
    const latency = { 'authorizer.latency': String(source.around(40, 0.4)) };
    return source.chance(0.2)
      ? {
          ...gatewaySays('500', 'AUTHORIZER_FAILURE', 'Internal server error'),
          ...latency,
          'authorizer.status': '500',
          'authorizer.error': 'Execution failed due to an internal error',
        }
      : {
          ...gatewaySays('403', 'ACCESS_DENIED', 'User is not authorized to access this resource'),
          ...latency,
          'authorizer.status': '403',
        };
  }
  return undefined;
}

function gatewaySays(status: string, responseType: string, message: string): OutcomeVariables {
  return {
    status,
    'error.responseType': responseType,
    'error.message': message,
    responseLength: String(message.length + 14),
    responseLatency: '3',
  };
}

function failureOf(source: Seeded, latency: number): OutcomeVariables {
  const kind = source.next();
  if (kind < 0.2) {
    return {
      ...gatewaySays('504', 'INTEGRATION_TIMEOUT', 'Endpoint request timed out'),
      responseLatency: '29012',
      'integration.latency': '29004',
      'integration.error': 'Execution failed due to a timeout error',
    };
  }
  if (kind < 0.5) {
    return {
      ...gatewaySays('502', 'INTEGRATION_FAILURE', 'Internal server error'),
      responseLatency: String(latency + 8),
      'integration.latency': String(latency),
      'integration.error': 'The Lambda function returned an error',
      'integration.status': '200',
    };
  }
  return answered(source, '500', latency, 64);
}

function answered(
  source: Seeded,
  status: string,
  latency: number,
  bytes: number,
): OutcomeVariables {
  return {
    status,
    responseLength: String(bytes),
    responseLatency: String(latency + source.between(3, 12)),
    'integration.latency': String(latency),
    'integration.status': status,
    'integration.requestId': source.uuid(),
  };
}

/** One connection: it opens, carries messages, and closes, all before the hour ends. */
function session(source: Seeded, customer: Customer, time: number): SampleRequest[] {
  const api: Api = apis.live;
  const connectionId = source.base64Id(15);
  const network = source.pick(networksOf[customer.country]);
  const hourEnd = time - (time % HOUR) + HOUR;
  // A plan without this API is refused at the door.
  const isRefused = customer.plan === 'Free' || customer.plan === 'Starter';
  const events = isRefused
    ? ['$connect']
    : ['$connect', ...Array<string>(source.between(2, 8)).fill('subscribe'), '$disconnect'];
  const step = Math.min(20 * SECOND, Math.floor((hourEnd - 1 - time) / events.length));
  return events.map((routeKey, index) => {
    const at = time + index * step;
    const eventType = { $connect: 'CONNECT', $disconnect: 'DISCONNECT' }[routeKey] ?? 'MESSAGE';
    return {
      apiType: 'WEBSOCKET',
      time: at,
      values: {
        ...commonValues({ source, api, time: at }, network, customer.clients),
        ...(routeKey === '$disconnect' ? {} : { 'identity.apiKeyId': customer.keyId }),
        routeKey,
        eventType,
        connectionId,
        connectedAt: String(time),
        ...(eventType === 'MESSAGE' ? { messageId: source.base64Id(15) } : {}),
        ...(isRefused
          ? gatewaySays('403', 'ACCESS_DENIED', 'Forbidden')
          : {
              status: '200',
              'integration.latency': String(source.around(25, 0.4)),
              'integration.status': '200',
            }),
      },
    };
  });
}

const scanned = ['/.env', '/wp-login.php', '/admin/config.php', '/.git/config', '/api/v1/pods'];

/** Nobody's customer, looking for something to break into. */
function scan(source: Seeded, time: number): SampleRequest {
  const api: Api = apis.parcels;
  const isBlocked = source.chance(0.4);
  return {
    apiType: 'REST',
    time,
    values: {
      ...commonValues({ source, api, time }, source.pick(networksOf.US), [
        { weight: 1, userAgent: 'Mozilla/5.0 zgrab/0.x' },
        { weight: 1, userAgent: 'python-requests/2.27.1' },
      ]),
      httpMethod: 'GET',
      path: `/${api.stage}${source.pick(scanned)}`,
      protocol: 'HTTP/1.1',
      ...(isBlocked
        ? {
            ...gatewaySays('403', 'WAF_FILTERED', 'Forbidden'),
            'waf.status': '403',
            'waf.latency': '4',
            wafResponseCode: 'WAF_BLOCK',
            webaclArn: 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/parcelway/6f1d',
          }
        : gatewaySays('403', 'MISSING_AUTHENTICATION_TOKEN', 'Missing Authentication Token')),
    },
  };
}

const countries = Object.keys(networksOf);

function filled(source: Seeded, path: string): string {
  return path
    .replace('{id}', `PW${source.between(10_000_000, 99_999_999)}`)
    .replace('{country}', () => source.pick(countries));
}

function traceId(source: Seeded, time: number): string {
  const rest = source.uuid().replaceAll('-', '').slice(0, 24);
  return `Root=1-${Math.floor(time / SECOND).toString(16)}-${rest}`;
}

// biome-ignore format: a year's row
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `20/Nov/2026:09:14:30 +0000` */
function inWords(time: number): string {
  const iso = new Date(time).toISOString();
  const month = months[Number(iso.slice(5, 7)) - 1];
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

/** When a line arrives at the stream, in milliseconds since 1970, and again if it is delivered twice. */
export function arrivalsOf({ time }: SampleRequest, source: Seeded): number[] {
  const isLate = isIn(lateDelivery, time);
  const first = time + source.between(1, 90) * SECOND + (isLate ? lateDelivery.delay : 0);
  const straggles = source.chance(0.0008) ? source.between(2, 30) * HOUR : 0;
  const arrivals = [first + straggles];
  if (source.chance(0.0015)) arrivals.push(first + source.between(300, 9000) * SECOND);
  return arrivals;
}
