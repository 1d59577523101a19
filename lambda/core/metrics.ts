/** The metrics that the functions emit and that alarms watch. One dimension only: the pipeline. */

export const METRIC_NAMESPACE = 'ApiGatewayAccessLogs';

/** The dimension's value is the pipeline's name: one time series for each metric and pipeline. */
export const METRIC_DIMENSION = 'service';

/** The variable of every function's environment that holds the pipeline's name. */
export const PIPELINE_NAME_VARIABLE = 'PIPELINE_NAME';

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
  crawlLeft: 'CatalogCrawlPlansLeft',
  pastDropped: 'CatalogCrawlPastDropped',
  snapshotsWritten: 'CatalogSnapshotsWritten',
  snapshotBytes: 'CatalogSnapshotBytes',
  daysClosed: 'AnalyticsDaysClosed',
  daysBehind: 'AnalyticsDaysBehind',
  accessLogsLost: 'AuditAccessLogsLost',
  limitsRaised: 'AuditLimitsRaised',
  keyValuesRead: 'AuditKeyValuesRead',
  changeDaysExtracted: 'AuditDaysExtracted',
  changeDaysBehind: 'AuditDaysBehind',
} as const;

/** What the quota reading emits, with the pipeline's name and the usage plan as dimensions. */
export const QUOTA_METRIC = 'QuotaUsed';
/** Its value is the plan's name and id: two plans may have one name. */
export const USAGE_PLAN_DIMENSION = 'UsagePlan';

/** What the transformation counts of API stages that are named to it, with these dimensions. */
export const stageMetrics = {
  requests: 'ApiRequests',
  throttled: 'ApiThrottled',
  quotaExceeded: 'ApiQuotaExceeded',
  authorizerErrors: 'ApiAuthorizerErrors',
  integrationErrors: 'ApiIntegrationErrors',
  wafErrors: 'ApiWafErrors',
  wafLatency: 'ApiWafLatency',
} as const;

export const stageDimensions = { apiId: 'ApiId', stage: 'Stage' } as const;

const units: Readonly<Record<string, 'Seconds' | 'Milliseconds' | 'Bytes' | 'Percent'>> = {
  [stageMetrics.wafLatency]: 'Milliseconds',
  [metricNames.catalogAgeSeconds]: 'Seconds',
  [metricNames.snapshotBytes]: 'Bytes',
  [QUOTA_METRIC]: 'Percent',
};

/** As CloudWatch calls it; the others are counts. */
export const unitOf = (metric: string): string => units[metric] ?? 'Count';

export type MetricName = (typeof metricNames)[keyof typeof metricNames];
