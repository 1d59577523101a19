/**
 * An HTTP and a WebSocket API that log into one pipeline, each through a log group.
 *
 *     npx cdk deploy --app 'npx tsx examples/http-and-websocket/app.ts'
 */

import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpApi, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AccessLogPipeline } from '../../lib/public';

const stack = new Stack(new App(), 'HttpAndWebSocket');

const http = new HttpApi(stack, 'Shop');
const webSocket = new WebSocketApi(stack, 'Live');
const live = new WebSocketStage(stack, 'LiveStage', {
  webSocketApi: webSocket,
  stageName: 'live',
  autoDeploy: true,
});

const onCall = new Topic(stack, 'OnCall', { enforceSSL: true });
onCall.applyRemovalPolicy(RemovalPolicy.DESTROY);

const pipeline = new AccessLogPipeline(stack, 'AccessLogs', {
  name: 'shop',
  alarmActions: [new SnsAction(onCall)],
});
if (http.defaultStage) pipeline.attachHttpStage(http.defaultStage);
// The account's CloudWatch role has to be set, see docs/runbook.md.
pipeline.attachWebSocketStage(live);
