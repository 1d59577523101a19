/** CloudWatch on a loopback port: alarms, and metrics as they were put here. */

import { type Loopback, startLoopback } from './loopback';

export interface TestAlarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly StateValue: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly AlarmActions?: readonly string[];
  /** Seconds since 1970. */
  readonly StateUpdatedTimestamp?: number;
}

export interface CloudWatchServer extends Loopback {
  readonly alarms: TestAlarm[];
  /** By `namespace/metric of dimension`, the newest value first. */
  readonly metrics: Map<string, readonly number[]>;
  /** Operations that are refused for want of a right. */
  readonly denied: Set<string>;
}

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Value: string }[];
    };
  };
}

interface Input {
  readonly AlarmNamePrefix: string;
  readonly NextToken?: string;
  readonly MetricDataQueries: readonly Query[];
}

/** Small pages: whoever reads the first only shows at once. */
const PAGE_SIZE = 2;

export async function startCloudWatch(): Promise<CloudWatchServer> {
  const alarms: TestAlarm[] = [];
  const metrics = new Map<string, readonly number[]>();
  const denied = new Set<string>();
  const operations: Record<string, (input: Input) => unknown> = {
    DescribeAlarms({ AlarmNamePrefix, NextToken = '0' }) {
      const named = alarms.filter(({ AlarmName }) => AlarmName.startsWith(AlarmNamePrefix));
      const end = Number(NextToken) + PAGE_SIZE;
      const next = end < named.length ? { NextToken: String(end) } : {};
      return { MetricAlarms: named.slice(Number(NextToken), end), ...next };
    },
    GetMetricData: ({ MetricDataQueries }) => ({
      MetricDataResults: MetricDataQueries.map(({ Id, MetricStat: { Metric } }) => {
        const { Namespace, MetricName, Dimensions } = Metric;
        const values = metrics.get(`${Namespace}/${MetricName} of ${Dimensions[0]?.Value}`) ?? [];
        const Timestamps = values.map((_, index) => 1_763_000_000 - index * 300);
        return { Id, Label: MetricName, StatusCode: 'Complete', Values: values, Timestamps };
      }),
    }),
  };
  const loopback = await startLoopback(({ headers, body }, response) => {
    const operation = String(headers['x-amz-target']).replace('GraniteServiceVersion20100801.', '');
    const type = { 'content-type': 'application/x-amz-json-1.0' };
    const fail = (name: string) =>
      void response.writeHead(400, type).end(JSON.stringify({ __type: name, message: 'no' }));
    if (denied.has(operation)) return fail('AccessDeniedException');
    const answer = operations[operation];
    if (!answer) return fail('UnknownOperationException');
    response.writeHead(200, type).end(JSON.stringify(answer(JSON.parse(body.toString()))));
  });
  return { ...loopback, alarms, metrics, denied };
}
