/** An app that attaches a stage which is there already: its API's id comes from the environment. */

import { App, Stack } from 'aws-cdk-lib';
import { AccessLogPipeline } from '../../lib/access-log-pipeline';

const stack = new Stack(new App(), 'attached');
const pipeline = new AccessLogPipeline(stack, 'Pipeline', {
  name: 'attached',
  alarms: false,
  dashboard: false,
});
pipeline.attachRestStage({ apiId: process.env['ATTACHED_API'] ?? '', stageName: 'prod' });
