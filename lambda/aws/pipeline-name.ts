import { PIPELINE_NAME_VARIABLE } from '../core/metrics';

/** What the pipeline is called in logs and metrics: its stack's choice, or the default of one. */
export const pipelineName = (): string => process.env[PIPELINE_NAME_VARIABLE] || 'access-logs';
