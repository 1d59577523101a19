/** The function's entry. Loading starts with the container, not with the first batch. */

import { pipelineName } from '../aws/pipeline-name';
import { composeHandler } from './compose';
import { loggedTelemetry } from './logged-telemetry';

const pipeline = pipelineName();

export const handler = composeHandler(process.env, loggedTelemetry(pipeline));
