/** The crawler's entry. */

import { pipelineName } from '../aws/pipeline-name';
import { composeCrawler } from './compose';
import { loggedCrawlerTelemetry } from './telemetry';

const pipeline = pipelineName();

export const handler = composeCrawler(process.env, loggedCrawlerTelemetry(pipeline));
