/**
 * Every monitor that others have for API Gateway, and ours that answers the same question. Types of APIs are
 * those that theirs watches.
 */

import type { ApiType } from '../../lambda/core/format/known/log-format';
import type { MonitorId } from '../../lib/apis/monitor-table';

export interface RivalMonitor {
  readonly name: string;
  readonly types: readonly ApiType[];
  /** A share of all requests, milliseconds, or a number of requests. */
  readonly threshold: number;
  /** Minutes that are looked at. */
  readonly minutes: number;
  readonly id: MonitorId;
}

const ALL = ['REST', 'HTTP', 'WEBSOCKET'] as const;
const REQUESTS = ['REST', 'HTTP'] as const;

/**
 * Sumo Logic's, each by API and stage.
 *
 * Source: SumoLogic/sumologic-solution-templates at 7f4033b5,
 * aws-observability-terraform/app-modules/apigateway/app.tf.
 */
export const sumoMonitors: readonly RivalMonitor[] = [
  monitor('High Server-Side Errors', ALL, 0.05, 5, 'serverErrors'),
  monitor('High Client-Side Errors', ALL, 0.05, 5, 'clientErrors'),
  monitor('High Integration Latency', ALL, 2000, 5, 'integrationLatency'),
  monitor('High Latency', REQUESTS, 2500, 5, 'latency'),
  monitor('Low Traffic API', ALL, 1, 10, 'lowTraffic'),
  monitor('High Authorizer Errors', ALL, 0.05, 5, 'authorizerErrors'),
  monitor('High Integration Errors', ALL, 0.05, 5, 'loggedIntegrationErrors'),
  monitor('High WAF Errors', ALL, 0.05, 5, 'wafErrors'),
  monitor('High WAF Latency', ALL, 1000, 5, 'wafLatency'),
];

/**
 * The alarms that AWS recommends, by metric. Those of single resources and routes, which it recommends for APIs with
 * detailed metrics, are watched here by the stage. Silence of a WebSocket API is that of connections here, not of messages.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
 */
export const awsAlarms: readonly RivalMonitor[] = [
  monitor('4XXError', ['REST'], 0.05, 5, 'clientErrors'),
  monitor('5XXError', ['REST'], 0.05, 3, 'serverErrors'),
  monitor('Count', REQUESTS, 1, 10, 'lowTraffic'),
  monitor('IntegrationLatency', ALL, 2000, 5, 'integrationLatency'),
  monitor('Latency', REQUESTS, 2500, 5, 'latency'),
  monitor('4xx', ['HTTP'], 0.05, 5, 'clientErrors'),
  monitor('5xx', ['HTTP'], 0.05, 3, 'serverErrors'),
  monitor('MessageCount', ['WEBSOCKET'], 1, 10, 'lowTraffic'),
  monitor('ClientError', ['WEBSOCKET'], 0.05, 5, 'clientErrors'),
  monitor('ExecutionError', ['WEBSOCKET'], 0.05, 3, 'serverErrors'),
];

function monitor(
  name: string,
  types: readonly ApiType[],
  threshold: number,
  minutes: number,
  id: MonitorId,
): RivalMonitor {
  return { name, types, threshold, minutes, id };
}
