/** What the package offers to others; every name here is a promise, nothing else of it is. */

export { type ApiType, logFormat } from '../lambda/core/format/known/log-format';
export { AccessLogPipeline, type AccessLogPipelineProps } from './access-log-pipeline';
export { AccessLogsStack, type AccessLogsStackProps } from './access-logs-stack';
export { type AlarmId, alarmIds } from './alarm-table';
export type {
  AnyHttpStage,
  AnyRestStage,
  AnyWebSocketStage,
  AttachLogGroupStageOptions,
  AttachStageOptions,
} from './attach-stage';
export {
  type Compression,
  DeliveryStream,
  type DeliveryStreamOptions,
  type DeliveryStreamProps,
} from './delivery-stream';
export {
  EnrichmentFunction,
  type EnrichmentFunctionOptions,
  type EnrichmentFunctionProps,
} from './enrichment-function';
export type { ExistingStage } from './existing-stage';
export type { EndpointPreset, HttpEndpoint } from './http-endpoint';
export { LogBucket, type LogBucketOptions, type LogBucketProps } from './log-bucket';
export type { LogReader } from './log-reader';
export {
  type AlarmThresholds,
  PipelineAlarms,
  type PipelineAlarmsOptions,
  type PipelineAlarmsProps,
} from './pipeline-alarms';
export { PipelineDashboard, type PipelineDashboardProps } from './pipeline-dashboard';
export { PipelineMetrics, type PipelineParts } from './pipeline-metrics';
export { StageLogGroup, type StageLogGroupProps } from './stage-log-group';
export { SubscriptionRole, type SubscriptionRoleProps } from './subscription-role';
