/** The function's entry. Loading starts with the container, not with the first batch. */

import { composeHandler } from './compose';
import { powertoolsTelemetry } from './powertools-telemetry';

const pipeline = process.env['POWERTOOLS_SERVICE_NAME'] ?? 'access-logs';

export const handler = composeHandler(process.env, powertoolsTelemetry(pipeline));
