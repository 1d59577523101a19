/** The pipeline's metrics of the last hours, read with one call. */

import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { METRIC_DIMENSION, METRIC_NAMESPACE, metricNames } from '../../lambda/core/metrics';
import { clientConfig } from '../aws/session';
import type { Stream } from '../aws/stream';
import type { Pipeline } from '../pipeline-options';

export const METRIC_HOURS = 3;
const PERIOD_SECONDS = 300;

type Statistic = 'Sum' | 'Minimum' | 'Maximum';

interface Query {
  readonly of: 'stream' | 'function' | 'pipeline';
  readonly name: string;
  readonly statistic: Statistic;
}

const queries = {
  freshness: { of: 'stream', name: 'DeliveryToS3.DataFreshness', statistic: 'Maximum' },
  httpFreshness: {
    of: 'stream',
    name: 'DeliveryToHttpEndpoint.DataFreshness',
    statistic: 'Maximum',
  },
  incoming: { of: 'stream', name: 'IncomingRecords', statistic: 'Sum' },
  throttled: { of: 'stream', name: 'ThrottledRecords', statistic: 'Sum' },
  invocations: { of: 'function', name: 'Invocations', statistic: 'Sum' },
  errors: { of: 'function', name: 'Errors', statistic: 'Sum' },
  throttles: { of: 'function', name: 'Throttles', statistic: 'Sum' },
  reingest: { of: 'pipeline', name: metricNames.recordsPutBack, statistic: 'Sum' },
  unreadable: { of: 'pipeline', name: metricNames.recordsFailed, statistic: 'Sum' },
  catalogAge: { of: 'pipeline', name: metricNames.catalogAgeSeconds, statistic: 'Minimum' },
  reloadFailures: { of: 'pipeline', name: metricNames.catalogReloadFailures, statistic: 'Sum' },
  crawlFailures: { of: 'pipeline', name: metricNames.crawlFailures, statistic: 'Sum' },
} as const satisfies Record<string, Query>;

export type MetricId = keyof typeof queries;

export interface Metrics {
  /** Undefined where nothing was measured. */
  latest(id: MetricId): number | undefined;
  sum(id: MetricId): number;
}

interface Measured {
  readonly pipeline: Pipeline;
  readonly stream: Stream;
  readonly name: string;
  readonly now: Date;
}

export async function readMetrics({ pipeline, stream, name, now }: Measured): Promise<Metrics> {
  const { functionName = '' } = stream;
  const subjects = {
    stream: ['AWS/Firehose', 'DeliveryStreamName', pipeline.streamName],
    function: ['AWS/Lambda', 'FunctionName', functionName],
    pipeline: [METRIC_NAMESPACE, METRIC_DIMENSION, name],
  } as const;
  const asked = Object.entries(queries).filter(([, { of }]) => of !== 'function' || functionName);
  const client = new CloudWatchClient(clientConfig(pipeline.region));
  try {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(now.getTime() - METRIC_HOURS * 3_600_000),
        EndTime: now,
        ScanBy: 'TimestampDescending',
        MetricDataQueries: asked.map(([Id, query]) => {
          const [Namespace, dimension, Value] = subjects[query.of];
          const Dimensions = [{ Name: dimension, Value }];
          const Metric = { Namespace, MetricName: query.name, Dimensions };
          return { Id, MetricStat: { Metric, Period: PERIOD_SECONDS, Stat: query.statistic } };
        }),
      }),
    );
    const values = new Map(MetricDataResults.map(({ Id, Values = [] }) => [Id, Values]));
    return {
      latest: (id) => values.get(id)?.[0],
      sum: (id) => (values.get(id) ?? []).reduce((sum, value) => sum + value, 0),
    };
  } finally {
    client.destroy();
  }
}
