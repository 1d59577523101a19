import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { acknowledge } from '../nag/acknowledge';
import { checked } from '../props/checked';
import { type AlarmId, alarmIds, alarmSlug, alarmTable, type Watched } from './alarm-table';
import type { PipelineMetrics } from './metrics';

/** By the alarm's id: another threshold than its default, or `false` for none. */
export type AlarmThresholds = { readonly [Id in AlarmId]?: number | false };

export interface PipelineAlarmsOptions {
  /**
   * Other thresholds than the defaults, or `false` to leave an alarm out; `false` for no alarm at all.
   *
   * @default - all alarms of docs/runbook.md, with the thresholds that it says
   */
  readonly alarms?: AlarmThresholds | false;

  /**
   * What happens when an alarm goes off, and when all is well again; an SNS topic usually.
   *
   * @default - nothing: the console and the dashboard show it
   */
  readonly alarmActions?: readonly IAlarmAction[];

  /**
   * With fewer lines that name an API key in 15 minutes, their share of unknown keys says nothing.
   *
   * @default 100
   */
  readonly alarmMinimumKeyedLines?: number;

  /**
   * Where the alarms' descriptions find the runbook.
   *
   * @default 'docs/runbook.md' - of this package
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
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: PipelineAlarmsProps) {
    super(scope, id);
    const { alarms: thresholds = {}, alarmActions = [] } = props;

    this.alarms = alarmsOf(props.watched, thresholds).map((alarmId) => {
      const alarm = this.#add(alarmId, props);
      alarm.addAlarmAction(...alarmActions);
      alarm.addOkAction(...alarmActions);
      return alarm;
    });

    if (alarmActions.length > 0) return;
    acknowledge(this, 'Whom to tell is for the account to say, by the property alarmActions.', [
      'NIST.800.53.R5-CloudWatchAlarmAction',
    ]);
  }

  #add(alarmId: AlarmId, props: PipelineAlarmsProps): Alarm {
    const { name, metrics, watched, runbookUrl = 'docs/runbook.md' } = props;
    const row = alarmTable[alarmId];
    const slug = alarmSlug(alarmId);
    const [datapointsToAlarm, evaluationPeriods] = row.datapoints;
    return new Alarm(this, constructId(alarmId), {
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
