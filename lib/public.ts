/** What the package offers to others; every name here is a promise, nothing else of it is. */

export { type ApiType, logFormat } from '../lambda/core/format/known/log-format';
export { AccessLogPipeline, type AccessLogPipelineProps } from './access-log-pipeline';
export {
  LogAnalytics,
  type LogAnalyticsOptions,
  type LogAnalyticsProps,
} from './analytics/log-analytics';
export {
  type DashboardPage,
  LogDashboards,
  type LogDashboardsProps,
} from './analytics/log-dashboards';
export type { PipelineAnalyticsOptions } from './analytics/pipeline-analytics';
export { ApiDashboards, type ApiDashboardsProps } from './apis/api-dashboards';
export {
  ApiMonitors,
  type ApiMonitorsProps,
  type CountedStage,
  type MonitoredStage,
  type MonitorThresholds,
} from './apis/api-monitors';
export { type MonitorId, monitorIds } from './apis/monitor-table';
export { QuotaMonitor, type QuotaMonitorProps } from './apis/quota-monitor';
export { type MetricFormat, VendorMetrics, type VendorMetricsProps } from './apis/vendor-metrics';
export { AccessLogsStack, type AccessLogsStackProps } from './app/access-logs-stack';
export type { AuditOptions, ExistingTrail } from './audit/audit-options';
export type { ChangeWatch } from './audit/change-watch';
export { LogBucket, type LogBucketOptions, type LogBucketProps } from './bucket/log-bucket';
export type { LogReader } from './bucket/log-reader';
export type { AccountTrail, AccountTrailOptions } from './catalog/account-trail';
export type { SharedCatalog, SharedCatalogOptions } from './catalog/shared-catalog';
export {
  EnrichmentFunction,
  type EnrichmentFunctionOptions,
  type EnrichmentFunctionProps,
} from './functions/enrichment-function';
export { type AlarmId, alarmIds } from './observability/alarm-table';
export {
  type AlarmThresholds,
  PipelineAlarms,
  type PipelineAlarmsOptions,
  type PipelineAlarmsProps,
} from './observability/alarms';
export { PipelineDashboard, type PipelineDashboardProps } from './observability/health-dashboard';
export { PipelineMetrics, type PipelineParts } from './observability/metrics';
export type {
  AnyHttpStage,
  AnyRestStage,
  AnyWebSocketStage,
  AttachLogGroupStageOptions,
  AttachStageOptions,
} from './stages/attach-stage';
export type { ExistingStage } from './stages/existing-stage';
export { StageLogGroup, type StageLogGroupProps } from './stages/stage-log-group';
export { SubscriptionRole, type SubscriptionRoleProps } from './stages/subscription-role';
export {
  type Compression,
  DeliveryStream,
  type DeliveryStreamOptions,
  type DeliveryStreamProps,
} from './stream/delivery-stream';
export type { EndpointPreset, HttpEndpoint } from './stream/http-endpoint';
