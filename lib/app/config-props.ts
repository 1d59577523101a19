import type { AccessLogPipelineProps } from '../access-log-pipeline';
import type { ApiObservabilityProps } from './api-observability';
import type { PipelineReferences } from './pipeline-references';

/** What takes objects has a reference by text instead. */
export type ConfigProps = Omit<
  AccessLogPipelineProps,
  'auditTrail' | 'bucket' | 'encryptionKey' | 'alarmActions' | 'httpEndpoint'
> &
  ApiObservabilityProps &
  PipelineReferences;
