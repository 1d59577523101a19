import {
  METRIC_DIMENSION,
  METRIC_NAMESPACE,
  metricNames,
  QUOTA_METRIC,
  stageDimensions,
  stageMetrics,
  USAGE_PLAN_DIMENSION,
} from '../../../lambda/core/metrics';

// Alarms and dashboards of others watch these names: names may be added here, never changed.
test('metrics are called as they have always been', () => {
  expect([METRIC_NAMESPACE, METRIC_DIMENSION]).toEqual(['ApiGatewayAccessLogs', 'service']);
  expect(Object.values(metricNames)).toEqual([
    'LinesEnriched',
    'LinesWithoutKey',
    'LinesUnknownKey',
    'LinesNoPlanForStage',
    'LinesUnparsed',
    'RecordsFailed',
    'RecordsDropped',
    'RecordsPutBack',
    'CatalogAge',
    'CatalogPlans',
    'CatalogKeys',
    'CatalogReloadFailures',
    'CatalogSnapshotFailures',
    'CatalogKeyLookupFailures',
    'CatalogKeysAskedFor',
    'CatalogKeysNotAskedFor',
    'CatalogCrawls',
    'CatalogCrawlFailures',
    'CatalogCrawlCalls',
    'CatalogCrawlPlansLeft',
    'CatalogCrawlPastDropped',
    'CatalogSnapshotsWritten',
    'CatalogSnapshotBytes',
    'AnalyticsDaysClosed',
    'AnalyticsDaysBehind',
    'AuditAccessLogsLost',
    'AuditLimitsRaised',
    'AuditKeyValuesRead',
    'AuditDaysExtracted',
    'AuditDaysBehind',
  ]);
  expect([QUOTA_METRIC, USAGE_PLAN_DIMENSION]).toEqual(['QuotaUsed', 'UsagePlan']);
  expect(Object.values(stageMetrics)).toEqual([
    'ApiRequests',
    'ApiThrottled',
    'ApiQuotaExceeded',
    'ApiAuthorizerErrors',
    'ApiIntegrationErrors',
    'ApiWafErrors',
    'ApiWafLatency',
  ]);
  expect(stageDimensions).toEqual({ apiId: 'ApiId', stage: 'Stage' });
});
