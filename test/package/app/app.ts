/** A fresh app of somebody else's: what the README shows, with the package and the CDK alone. */

import {
  AccessLogPipeline,
  AccessLogsStack,
  LogBucket,
  type LogReader,
  logFormat,
} from 'apigateway-access-logs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';

const app = new App();
const stack = new Stack(app, 'Fresh');
const readers: LogReader[] = [{ principal: '111122223333', prefix: 'customer=acme/' }];

const pipeline = new AccessLogPipeline(stack, 'AccessLogs', {
  name: 'orders',
  partitionBy: 'customer',
  expireLogsAfter: Duration.days(400),
  readers,
  alarms: { unknownKeys: 10, functionSlow: false },
});

const rest = new RestApi(stack, 'Rest');
rest.root.addMethod('GET');
const http = new HttpApi(stack, 'Http');
const webSocketApi = new WebSocketApi(stack, 'WebSocket');

pipeline.attachRestStage(rest.deploymentStage);
if (http.defaultStage) pipeline.attachHttpStage(http.defaultStage);
pipeline.attachWebSocketStage(
  new WebSocketStage(webSocketApi, 'Stage', { webSocketApi, stageName: 'prod' }),
  { format: logFormat('WEBSOCKET') },
);
pipeline.attachRestStage({ apiId: '7k2m9x4qpa', stageName: 'prod' });

// As `cdk init` sets declarations up, their types have to have a name outside of the package.
export const catalog = pipeline.sharedCatalog;
export const { accountTrail, analytics, changeWatch } = pipeline;

// A part alone, and the stack as the app deploys it.
new LogBucket(stack, 'Archive', { archiveAfter: Duration.days(90) });
new AccessLogsStack(app, 'Ready', { name: 'returns' });
