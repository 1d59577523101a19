/** The metrics that the functions emit and that alarms watch. One dimension only: the pipeline. */

export const METRIC_NAMESPACE = 'ApiGatewayAccessLogs';

/** The dimension's value is the pipeline's name: one time series for each metric and pipeline. */
export const METRIC_DIMENSION = 'service';

export const metricNames = {
  linesEnriched: 'LinesEnriched',
  linesWithoutKey: 'LinesWithoutKey',
  linesUnknownKey: 'LinesUnknownKey',
  linesNoPlanForStage: 'LinesNoPlanForStage',
  linesUnparsed: 'LinesUnparsed',
  recordsFailed: 'RecordsFailed',
  recordsDropped: 'RecordsDropped',
  recordsPutBack: 'RecordsPutBack',
  catalogAgeSeconds: 'CatalogAge',
  catalogPlans: 'CatalogPlans',
  catalogKeys: 'CatalogKeys',
  catalogReloadFailures: 'CatalogReloadFailures',
  snapshotFailures: 'CatalogSnapshotFailures',
  keyLookupFailures: 'CatalogKeyLookupFailures',
  keysAskedFor: 'CatalogKeysAskedFor',
  keysNotAskedFor: 'CatalogKeysNotAskedFor',
  crawls: 'CatalogCrawls',
  crawlFailures: 'CatalogCrawlFailures',
  crawlCalls: 'CatalogCrawlCalls',
  snapshotsWritten: 'CatalogSnapshotsWritten',
  snapshotBytes: 'CatalogSnapshotBytes',
} as const;

export type MetricName = (typeof metricNames)[keyof typeof metricNames];
