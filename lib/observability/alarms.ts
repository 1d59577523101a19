import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { acknowledge } from '../nag/acknowledge';
import { checked } from '../props/checked';
import { DEFAULT_RUNBOOK_URL } from '../props/runbook-url';
import { type AlarmId, alarmIds, alarmSlug, alarmTable, type Watched } from './alarm-table';
import type { PipelineMetrics } from './metrics';

/** CloudWatch takes ten metrics for an alarm; one is what comes in. */
const MAX_STAGES = 9;

/** By the alarm's id: another threshold than its default, or `false` for none. */
export type AlarmThresholds = { readonly [Id in AlarmId]?: number | false };

export interface PipelineAlarmsOptions {
  /**
   * Other thresholds than the defaults, or `false` to leave an alarm out; `false` for no alarm at all.
   *
   * @default - all alarms of docs/runbook.md, with the thresholds there
   */
  readonly alarms?: AlarmThresholds | false;

  /**
   * What happens when an alarm goes off, and when all is well again; an SNS topic usually.
   *
   * @default - nothing: the console and the dashboard show it
   */
  readonly alarmActions?: readonly IAlarmAction[];

  /**
   * With fewer lines that name an API key in 15 minutes, their share of unknown keys means nothing.
   *
   * @default 100
   */
  readonly alarmMinimumKeyedLines?: number;

  /**
   * Where the alarms' descriptions find the runbook.
   *
   * @default - where this package is published; your own copy is of more use
   */
  readonly runbookUrl?: string;
}

export interface PipelineAlarmsProps extends PipelineAlarmsOptions {
  /** The pipeline's name; the alarms' begin with it. */
  readonly name: string;

  /** What the alarms watch. */
  readonly metrics: PipelineMetrics;

  /** What the thresholds follow from, and which alarms there is something to watch for. */
  readonly watched: Watched;
}

/** An alarm for each row of the table that there is something to watch for. */
export class PipelineAlarms extends Construct {
  /** Grows as stages are attached. */
  readonly alarms: readonly Alarm[];
  readonly #props: PipelineAlarmsProps;
  readonly #requests: IMetric[] = [];

  constructor(scope: Construct, id: string, props: PipelineAlarmsProps) {
    super(scope, id);
    const { alarms: thresholds = {}, alarmActions = [] } = props;
    this.#props = props;
    this.#requests.push(...props.watched.requests);
    this.alarms = alarmsOf(props.watched, thresholds).map((each) => this.#add(each, props));

    if (alarmActions.length > 0) return;
    acknowledge(this, 'Whom to tell is for the account to say, by the property alarmActions.', [
      'NIST.800.53.R5-CloudWatchAlarmAction',
    ]);
  }

  /** Watches that records come in while a stage answers requests. */
  watchRequests(requests: IMetric): void {
    if (this.#requests.length === MAX_STAGES) return;
    this.#requests.push(requests);
    const watched = { ...this.#props.watched, requests: this.#requests };
    if (!alarmsOf(watched, this.#props.alarms ?? {}).includes('nothingArrives')) return;
    const alarms = this.alarms as Alarm[];
    const present = alarms.findIndex(({ node }) => node.id === constructId('nothingArrives'));
    // An alarm's metric cannot be changed: it is made anew.
    if (present !== -1) alarms.splice(present, 1);
    this.node.tryRemoveChild(constructId('nothingArrives'));
    alarms.push(this.#add('nothingArrives', { ...this.#props, watched }));
  }

  #add(alarmId: AlarmId, props: PipelineAlarmsProps): Alarm {
    const { name, metrics, watched, runbookUrl = DEFAULT_RUNBOOK_URL, alarmActions = [] } = props;
    const row = alarmTable[alarmId];
    const slug = alarmSlug(alarmId);
    const [datapointsToAlarm, evaluationPeriods] = row.datapoints;
    const alarm = new Alarm(this, constructId(alarmId), {
      alarmName: `${name}-${slug}`,
      alarmDescription: `${row.meaning} ${runbookUrl}#${slug}`,
      metric: row.metric(metrics, watched),
      threshold: thresholdOf(alarmId, props),
      comparisonOperator:
        row.breaches === 'above'
          ? ComparisonOperator.GREATER_THAN_THRESHOLD
          : ComparisonOperator.LESS_THAN_THRESHOLD,
      datapointsToAlarm,
      evaluationPeriods,
      // An idle pipeline emits nothing, and nothing is wrong with it.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(...alarmActions);
    alarm.addOkAction(...alarmActions);
    return alarm;
  }
}

/** Which alarms a pipeline has; rejects ids that no alarm has. */
export function alarmsOf(watched: Watched, thresholds: AlarmThresholds | false): AlarmId[] {
  if (thresholds === false) return [];
  for (const [id, threshold] of Object.entries(thresholds)) {
    checked('alarms', id, (text) => {
      if (!(alarmIds as string[]).includes(text)) throw new Error(alarmIds.join(', '));
    });
    checked(`alarms.${id}`, threshold, () => {
      if (threshold !== false && !Number.isFinite(threshold)) throw new Error('a number or false');
    });
  }
  return alarmIds.filter(
    (id) => thresholds[id] !== false && (alarmTable[id].appliesTo?.(watched) ?? true),
  );
}

function thresholdOf(id: AlarmId, { alarms, watched }: PipelineAlarmsProps): number {
  const given = alarms ? alarms[id] : undefined;
  if (typeof given === 'number') return given;
  const { threshold } = alarmTable[id];
  return typeof threshold === 'number' ? threshold : threshold(watched);
}

function constructId(id: AlarmId): string {
  return `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}
