import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { metricNames } from '../../lambda/core/metrics';
import type { PipelineMetrics } from './metrics';

export interface PipelineDashboardProps {
  readonly metrics: PipelineMetrics;
  /** Shown on top. */
  readonly alarms: readonly Alarm[];
}

/** The pipeline's own health: what comes in, what goes out, how late, and what becomes of it. */
export class PipelineDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: PipelineDashboardProps) {
    super(scope, id);
    const { metrics, alarms } = props;

    this.dashboard = new Dashboard(this, 'Dashboard', {
      widgets: [
        ...(alarms.length > 0
          ? [[new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24 })]]
          : []),
        deliveryRow(metrics),
        lineRow(metrics),
        functionRow(metrics),
        unknownKeyRow(metrics),
      ],
    });
  }
}

function deliveryRow(metrics: PipelineMetrics): IWidget[] {
  return [
    graph('Records', [
      metrics.firehose('IncomingRecords', Stats.SUM),
      metrics.firehose('SucceedProcessing.Records', Stats.SUM),
      metrics.delivery('Records', Stats.SUM),
      metrics.firehose('ThrottledRecords', Stats.SUM),
    ]),
    graph('Age of the oldest record that waits (s)', [
      metrics.delivery('DataFreshness', Stats.MAXIMUM),
    ]),
    graph('Success of processing and delivery', [
      metrics.firehose('ExecuteProcessing.Success', Stats.AVERAGE),
      metrics.delivery('Success', Stats.AVERAGE),
    ]),
  ];
}

function lineRow(metrics: PipelineMetrics): IWidget[] {
  return [
    new GraphWidget({
      title: 'Lines',
      left: sums(
        metrics,
        'linesEnriched',
        'linesWithoutKey',
        'linesUnknownKey',
        'linesNoPlanForStage',
        'linesUnparsed',
      ),
      stacked: true,
      width: 8,
    }),
    graph(
      'Records that were not simply delivered',
      sums(metrics, 'recordsFailed', 'recordsDropped', 'recordsPutBack'),
    ),
    new GraphWidget({
      title: 'Usage plans',
      left: [
        metrics.own(metricNames.catalogPlans, Stats.MAXIMUM),
        metrics.own(metricNames.catalogKeys, Stats.MAXIMUM),
      ],
      right: [
        metrics.own(metricNames.catalogAgeSeconds, Stats.MAXIMUM),
        ...sums(metrics, 'catalogReloadFailures'),
      ],
      width: 8,
    }),
  ];
}

function functionRow(metrics: PipelineMetrics): IWidget[] {
  return [
    graph('Batches', [metrics.lambda('Invocations', Stats.SUM)]),
    graph('Batches that failed', [
      metrics.lambda('Errors', Stats.SUM),
      metrics.lambda('Throttles', Stats.SUM),
    ]),
    graph('Duration of a batch (ms)', [
      metrics.lambda('Duration', Stats.p(50)),
      metrics.lambda('Duration', Stats.p(99)),
      metrics.lambda('Duration', Stats.MAXIMUM),
    ]),
  ];
}

function unknownKeyRow(metrics: PipelineMetrics): IWidget[] {
  return [
    graph(
      'Unknown keys that API Gateway was asked for, and those that had to wait',
      sums(metrics, 'keysAskedFor', 'keysNotAskedFor'),
    ),
    graph(
      'Usage plans that could not be read',
      sums(metrics, 'keyLookupFailures', 'snapshotFailures'),
    ),
  ];
}

function sums(metrics: PipelineMetrics, ...names: (keyof typeof metricNames)[]): IMetric[] {
  return names.map((name) => metrics.own(metricNames[name]));
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8 });
}
