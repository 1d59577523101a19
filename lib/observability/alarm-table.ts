/**
 * THE table of alarms: what each watches, when it goes off, and what that means. The alarms, their
 * names, the properties that tune them and the runbook's headings are renderings of these rows.
 *
 * An alarm about lost records goes off with the first one. An alarm about something that often ends by
 * itself needs several periods in which it lasts.
 */

import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { metricNames } from '../../lambda/core/metrics';
import type { PipelineMetrics } from './metrics';

/** What there is to watch in a pipeline, and what its thresholds follow from. */
export interface Watched {
  /** The destination's buffer interval: an HTTP endpoint has its own. */
  readonly bufferSeconds: number;
  readonly catalogTtlSeconds: number;
  readonly functionTimeoutSeconds: number;
  readonly minimumKeyedLines: number;
  readonly hasHttpEndpoint: boolean;
  readonly hasSourceBackup: boolean;
  readonly hasCustomerKey: boolean;
  readonly isPartitioned: boolean;
  readonly hasSharedCatalog: boolean;
  /** Only of the pipeline's own bucket objects are counted. */
  readonly hasOwnBucket: boolean;
  /** Set where changes of the account are looked at. */
  readonly changes: WatchedChanges | undefined;
  /** Requests of attached stages, as API Gateway counts them. */
  readonly requests: readonly IMetric[];
}

export interface WatchedChanges {
  /** Whether reads are looked at too. */
  readonly hasReads: boolean;
  /** Errors of the function that looks at them. */
  readonly errors: IMetric;
}

export interface AlarmRow {
  /** In the runbook's and the alarm's words; the runbook has more. */
  readonly meaning: string;
  readonly metric: (metrics: PipelineMetrics, watched: Watched) => IMetric;
  readonly threshold: number | ((watched: Watched) => number);
  /** The threshold is the last value that is fine. */
  readonly breaches: 'above' | 'below';
  /** How many of how many periods have to breach. */
  readonly datapoints: readonly [breaching: number, evaluated: number];
  /** Left out where there is nothing to watch. */
  readonly appliesTo?: (watched: Watched) => boolean;
}

const table = {
  deliveryLate: {
    meaning: 'The oldest record that waits for delivery is older than it should become.',
    metric: (metrics) => metrics.delivery('DataFreshness', Stats.MAXIMUM),
    threshold: ({ bufferSeconds }) => bufferSeconds + 600,
    breaches: 'above',
    datapoints: [3, 3],
  },
  deliveryStalled: {
    meaning: 'Records come in, and for half an hour none has been delivered.',
    metric: (metrics) => metrics.stalled(),
    threshold: 0,
    breaches: 'above',
    datapoints: [6, 6],
  },
  deliveryFailing: {
    meaning: 'Firehose does not get through to the destination.',
    metric: (metrics) => metrics.delivery('Success', Stats.AVERAGE),
    threshold: 0.95,
    breaches: 'below',
    datapoints: [2, 3],
  },
  processingFailing: {
    meaning:
      'Calls of the function by Firehose fail; a batch that fails four times goes to errors/.',
    metric: (metrics) => metrics.firehose('ExecuteProcessing.Success', Stats.AVERAGE),
    threshold: 0.95,
    breaches: 'below',
    datapoints: [2, 3],
  },
  functionErrors: {
    meaning: 'The function fails whole batches.',
    metric: (metrics) => metrics.lambda('Errors', Stats.SUM),
    threshold: 0,
    breaches: 'above',
    datapoints: [2, 3],
  },
  functionThrottled: {
    meaning:
      'Lambda refuses to run the function: the account or the function is at its concurrency.',
    metric: (metrics) => metrics.lambda('Throttles', Stats.SUM),
    threshold: 0,
    breaches: 'above',
    datapoints: [2, 3],
  },
  functionSlow: {
    meaning: 'A batch took the function nearly as long as it may run.',
    metric: (metrics) => metrics.lambda('Duration', Stats.MAXIMUM),
    // In milliseconds, as the metric.
    threshold: ({ functionTimeoutSeconds }) => functionTimeoutSeconds * 1000 * 0.8,
    breaches: 'above',
    datapoints: [1, 1],
  },
  recordsFailed: {
    meaning: 'The function could not read records; Firehose keeps them under errors/.',
    metric: (metrics) => metrics.own(metricNames.recordsFailed),
    threshold: 0,
    breaches: 'above',
    datapoints: [1, 1],
  },
  errorsStored: {
    meaning: 'Firehose has put objects under errors/: records that reached no destination.',
    metric: (metrics) => metrics.objectsUnderErrors(),
    threshold: 0,
    breaches: 'above',
    datapoints: [1, 1],
    appliesTo: ({ hasOwnBucket }) => hasOwnBucket,
  },
  nothingArrives: {
    meaning: 'Attached stages answer requests, and for half an hour none has come in as a record.',
    metric: (metrics, { requests }) => metrics.unheard(requests),
    threshold: 0,
    breaches: 'above',
    datapoints: [6, 6],
    appliesTo: ({ requests }) => requests.length > 0,
  },
  subscriptionFailing: {
    meaning: 'CloudWatch Logs cannot put lines of HTTP or WebSocket APIs into the stream.',
    metric: (metrics) => metrics.subscriptionErrors(),
    threshold: 0,
    breaches: 'above',
    datapoints: [1, 1],
  },
  catalogOld: {
    meaning: 'The usage plans could not be read again for long: new keys and plans are missing.',
    metric: (metrics) => metrics.catalogAge(),
    threshold: ({ catalogTtlSeconds }) => Math.max(3600, 2 * catalogTtlSeconds),
    breaches: 'above',
    datapoints: [2, 3],
  },
  crawlFailing: {
    meaning: 'The shared usage plans are not kept up; after hours each container reads its own.',
    metric: (metrics) => metrics.own(metricNames.crawlFailures),
    threshold: 0,
    breaches: 'above',
    // The next sweep mends what was only throttled.
    datapoints: [3, 6],
    appliesTo: ({ hasSharedCatalog }) => hasSharedCatalog,
  },
  catalogFull: {
    meaning: 'So much has changed that the oldest of what is gone is forgotten too early.',
    metric: (metrics) => metrics.own(metricNames.pastDropped),
    threshold: 0,
    breaches: 'above',
    datapoints: [1, 1],
    appliesTo: ({ hasSharedCatalog }) => hasSharedCatalog,
  },
  unknownKeys: {
    meaning: 'Of the lines with an API key, too many name one that is in no usage plan.',
    metric: (metrics, { minimumKeyedLines }) => metrics.unknownKeyShare(minimumKeyedLines),
    // In percent.
    threshold: 5,
    breaches: 'above',
    datapoints: [2, 2],
  },
  putsThrottled: {
    meaning: "The stream refuses records: more come in than the account's quota for it.",
    metric: (metrics) => metrics.firehose('ThrottledRecords', Stats.SUM),
    threshold: 0,
    breaches: 'above',
    datapoints: [2, 3],
  },
  backupFailing: {
    meaning: 'Records are not backed up.',
    metric: (metrics) => metrics.backupSuccess(),
    threshold: 0.95,
    breaches: 'below',
    datapoints: [2, 3],
    appliesTo: ({ hasSourceBackup, hasHttpEndpoint }) => hasSourceBackup || hasHttpEndpoint,
  },
  encryptionFailing: {
    meaning: 'Firehose cannot use the encryption key; after 24 hours it discards what waits.',
    metric: (metrics) => metrics.keyFaults(),
    threshold: 0,
    breaches: 'above',
    datapoints: [1, 1],
    appliesTo: ({ hasCustomerKey }) => hasCustomerKey,
  },
  partitionsExceeded: {
    meaning:
      'There are more partitions at a time than the stream may have; the rest goes to errors/.',
    metric: (metrics) => metrics.firehose('PartitionCountExceeded', Stats.MAXIMUM),
    threshold: 0,
    breaches: 'above',
    datapoints: [1, 1],
    appliesTo: ({ isPartitioned }) => isPartitioned,
  },
  accessLogLost: {
    meaning: 'The access log of a stage was switched off, or sent elsewhere.',
    metric: (metrics) => metrics.own(metricNames.accessLogsLost),
    threshold: 0,
    breaches: 'above',
    datapoints: [1, 1],
    appliesTo: ({ changes }) => changes !== undefined,
  },
  limitRaised: {
    meaning: 'The quota or the throttle of a usage plan was raised.',
    metric: (metrics) => metrics.own(metricNames.limitsRaised),
    threshold: 0,
    breaches: 'above',
    datapoints: [1, 1],
    appliesTo: ({ changes }) => changes !== undefined,
  },
  keyValuesRead: {
    meaning: 'Somebody has read the values of API keys.',
    metric: (metrics) => metrics.own(metricNames.keyValuesRead),
    threshold: 0,
    breaches: 'above',
    datapoints: [1, 1],
    appliesTo: ({ changes }) => changes?.hasReads ?? false,
  },
  changesUnwatched: {
    meaning: 'Changes of the account could not be looked at: alarms about them are blind.',
    metric: (_, { changes }) => (changes as WatchedChanges).errors,
    threshold: 0,
    breaches: 'above',
    datapoints: [1, 1],
    appliesTo: ({ changes }) => changes !== undefined,
  },
} as const satisfies Record<string, AlarmRow>;

export type AlarmId = keyof typeof table;

export const alarmTable: { readonly [Id in AlarmId]: AlarmRow } = table;

export const alarmIds = Object.keys(table) as AlarmId[];

/** What the runbook's heading and the alarm's name call it. */
export function alarmSlug(id: AlarmId): string {
  return id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
