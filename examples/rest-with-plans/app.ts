/**
 * A REST API with two usage plans and a key in each, logging into a pipeline of its own.
 *
 *     npx cdk deploy --app 'npx tsx examples/rest-with-plans/app.ts'
 */

import { App, Stack } from 'aws-cdk-lib';
import { ApiKeySourceType, MockIntegration, Period, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AccessLogPipeline } from '../../lib/public';

const stack = new Stack(new App(), 'RestWithPlans');

const api = new RestApi(stack, 'Orders', { apiKeySourceType: ApiKeySourceType.HEADER });
api.root.addMethod('GET', new MockIntegration({ integrationResponses: [{ statusCode: '200' }] }), {
  apiKeyRequired: true,
  methodResponses: [{ statusCode: '200' }],
});

for (const [plan, customer, limit] of [
  ['Gold', 'Acme GmbH', 1_000_000],
  ['Free', 'Globex Ltd', 1_000],
] as const) {
  const usagePlan = api.addUsagePlan(plan, {
    name: plan,
    quota: { limit, period: Period.MONTH },
    apiStages: [{ api, stage: api.deploymentStage }],
  });
  // The key's name is the customer that lines name.
  usagePlan.addApiKey(api.addApiKey(`${plan}Key`, { apiKeyName: customer }));
}

const pipeline = new AccessLogPipeline(stack, 'AccessLogs', {
  name: 'orders',
  output: 'canonical',
  analytics: true,
});
pipeline.attachRestStage(api.deploymentStage);
