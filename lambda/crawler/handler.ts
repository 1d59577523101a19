/** The crawler's entry. */

import { composeCrawler } from './compose';
import { powertoolsCrawlerTelemetry } from './telemetry';

const pipeline = process.env['POWERTOOLS_SERVICE_NAME'] ?? 'access-logs';

export const handler = composeCrawler(process.env, powertoolsCrawlerTelemetry(pipeline));
