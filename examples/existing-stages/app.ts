/**
 * Stages that exist, by their ids; a folder for each customer, and a customer's account that may read
 * its own; the dashboards and monitors of all APIs.
 *
 *     npx cdk deploy --app 'npx tsx examples/existing-stages/app.ts'
 */

import { App, Duration, Stack } from 'aws-cdk-lib';
import { AccessLogPipeline, ApiDashboards, ApiMonitors } from '../../lib/public';

const stack = new Stack(new App(), 'ExistingStages');

const pipeline = new AccessLogPipeline(stack, 'AccessLogs', {
  name: 'partners',
  sharedCatalog: true,
  partitionBy: 'customer',
  expireLogsAfter: Duration.days(400),
  readers: [{ principal: 'arn:aws:iam::444455556666:role/acme', prefix: 'customer=Acme/' }],
});
pipeline.attachRestStage({ apiId: '7k2m9x4qpa', stageName: 'prod' });

new ApiDashboards(stack, 'Dashboards', { name: 'partners' });
new ApiMonitors(stack, 'Monitors', {
  name: 'partners',
  stages: [{ type: 'REST', api: 'partners', stage: 'prod' }],
});
