/**
 * THE table of monitors over API Gateway's own metrics: what each watches and when it goes off. The
 * alarms of single stages, those of all APIs and the runbook's chapters are renderings of these rows.
 *
 * A rate is watched only from a number of requests on: one error in one request is no incident.
 */

import { apiTypes } from '../../lambda/core/api-metrics';
import type { ApiType } from '../../lambda/core/format/known/log-format';
import { stageMetrics } from '../../lambda/core/metrics';

export interface MonitorRow {
  /** In the alarm's words; the runbook has more. */
  readonly meaning: string;
  /** The metric of a type of API, undefined where it has none. */
  readonly metric: (type: ApiType) => string | undefined;
  /** What the access log is counted for instead, by `apiMetrics`. */
  readonly logged?: string;
  /** The statistic for one stage. */
  readonly statistic: string;
  /**
   * The function for all APIs together; Metrics Insights has no percentiles. Undefined where none of its
   * functions would do.
   */
  readonly insights: 'AVG' | undefined;
  /** The value from which on it goes off, or down to which. */
  readonly threshold: number;
  readonly breaches: 'from' | 'down to';
  readonly unit: 'share' | 'ms' | 'requests';
  /** Seconds of a period. */
  readonly period: number;
}

const table = {
  serverErrors: {
    meaning: 'Too many requests fail on the side of the API or its backend.',
    metric: (type) => apiTypes[type].serverErrors,
    statistic: 'Average',
    insights: 'AVG',
    threshold: 0.05,
    breaches: 'from',
    unit: 'share',
    period: 300,
  },
  clientErrors: {
    meaning: 'Too many requests are refused as the caller has sent them.',
    metric: (type) => apiTypes[type].clientErrors,
    statistic: 'Average',
    insights: 'AVG',
    threshold: 0.05,
    breaches: 'from',
    unit: 'share',
    period: 300,
  },
  integrationErrors: {
    meaning: 'Too many messages of a WebSocket API fail at its integration.',
    metric: (type) => (type === 'WEBSOCKET' ? 'IntegrationError' : undefined),
    statistic: 'Average',
    insights: 'AVG',
    threshold: 0.05,
    breaches: 'from',
    unit: 'share',
    period: 300,
  },
  integrationLatency: {
    meaning: 'The backend takes long to answer.',
    metric: () => 'IntegrationLatency',
    statistic: 'p90',
    insights: 'AVG',
    threshold: 2000,
    breaches: 'from',
    unit: 'ms',
    period: 300,
  },
  latency: {
    meaning: 'Callers wait long for a response.',
    metric: (type) => (type === 'WEBSOCKET' ? undefined : 'Latency'),
    statistic: 'p90',
    insights: 'AVG',
    threshold: 2500,
    breaches: 'from',
    unit: 'ms',
    period: 300,
  },
  lowTraffic: {
    meaning: 'Hardly any request comes in.',
    metric: (type) => apiTypes[type].requests,
    statistic: 'SampleCount',
    // Of an API without requests there is no series that could be found.
    insights: undefined,
    threshold: 1,
    breaches: 'down to',
    unit: 'requests',
    period: 600,
  },
  authorizerErrors: ofLog(
    'Too many requests are refused by an authorizer, or for its errors.',
    stageMetrics.authorizerErrors,
  ),
  loggedIntegrationErrors: ofLog(
    'Too many requests fail at the integration, as the access log tells.',
    stageMetrics.integrationErrors,
  ),
  wafErrors: ofLog('AWS WAF blocks too many requests, or fails at them.', stageMetrics.wafErrors),
  wafLatency: {
    ...ofLog('AWS WAF takes long to look at requests.', stageMetrics.wafLatency),
    statistic: 'p90',
    threshold: 1000,
    unit: 'ms',
  },
  throttled: ofLog('Too many requests get a 429 since they come too fast.', stageMetrics.throttled),
  quotaExceeded: ofLog(
    "Too many requests get a 429 since their plan's quota is used up.",
    stageMetrics.quotaExceeded,
  ),
} as const satisfies Record<string, MonitorRow>;

/** A share of the requests of a stage that is counted from its access log. */
function ofLog(meaning: string, logged: string) {
  return {
    meaning,
    metric: () => undefined,
    logged,
    statistic: 'Sum',
    insights: undefined,
    threshold: 0.05,
    breaches: 'from',
    unit: 'share',
    period: 300,
  } as const;
}

export type MonitorId = keyof typeof table;

export const monitorTable: { readonly [Id in MonitorId]: MonitorRow } = table;

export const monitorIds = Object.keys(table) as MonitorId[];

/** What the runbook's heading and the alarm's name call it. */
export function monitorSlug(id: MonitorId): string {
  return `api-${id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
