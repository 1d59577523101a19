import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  LogQueryWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { metricNames } from '../../lambda/core/metrics';
import type { PipelineMetrics } from './metrics';

export interface PipelineDashboardProps {
  readonly metrics: PipelineMetrics;
  /** Shown on top. */
  readonly alarms: readonly Alarm[];
  /**
   * The log of the function that looks at changes of the account.
   *
   * @default - nothing is shown of changes
   */
  readonly changeLogGroup?: ILogGroup | undefined;
}

interface Graph {
  readonly title: string;
  readonly left: (metrics: PipelineMetrics) => IMetric[];
  readonly right?: (metrics: PipelineMetrics) => IMetric[];
  readonly stacked?: boolean;
}

/** THE table of graphs: a row here is a row of the dashboard. */
const rows: readonly (readonly Graph[])[] = [
  [
    {
      title: 'Records',
      left: (metrics) => [
        metrics.firehose('IncomingRecords', Stats.SUM),
        metrics.firehose('SucceedProcessing.Records', Stats.SUM),
        metrics.delivery('Records', Stats.SUM),
        metrics.firehose('ThrottledRecords', Stats.SUM),
      ],
    },
    {
      title: 'Age of the oldest record that waits (s)',
      left: (metrics) => [metrics.delivery('DataFreshness', Stats.MAXIMUM)],
    },
    {
      title: 'Success of processing and delivery',
      left: (metrics) => [
        metrics.firehose('ExecuteProcessing.Success', Stats.AVERAGE),
        metrics.delivery('Success', Stats.AVERAGE),
      ],
    },
  ],
  [
    {
      title: 'Lines',
      left: sums(
        'linesEnriched',
        'linesWithoutKey',
        'linesUnknownKey',
        'linesNoPlanForStage',
        'linesUnparsed',
      ),
      stacked: true,
    },
    {
      title: 'Records that were not simply delivered',
      left: sums('recordsFailed', 'recordsDropped', 'recordsPutBack'),
    },
    {
      title: 'Usage plans',
      left: (metrics) => [
        metrics.own(metricNames.catalogPlans, Stats.MAXIMUM),
        metrics.own(metricNames.catalogKeys, Stats.MAXIMUM),
      ],
      right: (metrics) => [
        metrics.own(metricNames.catalogAgeSeconds, Stats.MAXIMUM),
        metrics.own(metricNames.catalogReloadFailures),
      ],
    },
  ],
  [
    { title: 'Batches', left: (metrics) => [metrics.lambda('Invocations', Stats.SUM)] },
    {
      title: 'Batches that failed',
      left: (metrics) => [
        metrics.lambda('Errors', Stats.SUM),
        metrics.lambda('Throttles', Stats.SUM),
      ],
    },
    {
      title: 'Duration of a batch (ms)',
      left: (metrics) =>
        [Stats.p(50), Stats.p(99), Stats.MAXIMUM].map((statistic) =>
          metrics.lambda('Duration', statistic),
        ),
    },
  ],
  [
    {
      title: 'Unknown keys that API Gateway was asked for, and those that had to wait',
      left: sums('keysAskedFor', 'keysNotAskedFor'),
    },
    {
      title: 'Usage plans that could not be read',
      left: sums('keyLookupFailures', 'snapshotFailures'),
    },
  ],
];

/** What is shown of changes, beside the latest calls. */
const changes: readonly Graph[] = [
  {
    title: 'Changes that alarms are for',
    left: sums('accessLogsLost', 'limitsRaised', 'keyValuesRead'),
  },
  {
    title: 'Days of the trail that are taken, and still to come',
    left: (metrics) => [metrics.own(metricNames.changeDaysExtracted)],
    right: (metrics) => [metrics.own(metricNames.changeDaysBehind, Stats.MAXIMUM)],
  },
];

function sums(...names: (keyof typeof metricNames)[]): Graph['left'] {
  return (metrics) => names.map((name) => metrics.own(metricNames[name]));
}

/** The pipeline's own health: what comes in, what goes out, how late, and what becomes of it. */
export class PipelineDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: PipelineDashboardProps) {
    super(scope, id);
    const { metrics, alarms, changeLogGroup } = props;
    const shown = changeLogGroup ? [...rows, changes] : rows;
    // Not a copy: stages that are attached later bring an alarm along.
    const status = { title: 'Alarms', alarms: alarms as Alarm[], width: 24 };
    this.dashboard = new Dashboard(this, 'Dashboard', {
      widgets: [
        ...(alarms.length > 0 ? [[new AlarmStatusWidget(status)]] : []),
        ...shown.map((row) => row.map((graph) => widgetOf(graph, metrics))),
        ...(changeLogGroup ? [[latestCalls(changeLogGroup)]] : []),
      ],
    });
  }
}

function latestCalls({ logGroupName }: ILogGroup): LogQueryWidget {
  return new LogQueryWidget({
    title: 'Latest of them',
    logGroupNames: [logGroupName],
    queryLines: [
      'filter message = "change"',
      'fields event_time, effect, change, actor, source_ip, usage_plan, api_id, stage',
      'sort event_time desc',
      'limit 20',
    ],
    width: 24,
  });
}

function widgetOf({ title, left, right, stacked }: Graph, metrics: PipelineMetrics): GraphWidget {
  return new GraphWidget({
    title,
    left: left(metrics),
    right: right?.(metrics),
    stacked,
    width: 8,
  });
}
