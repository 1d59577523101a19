/** APIs of each type, with one stage, as an app beside the pipeline defines them. */

import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpStage, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';

export function restApi(scope: Construct, id = 'Rest'): RestApi {
  const api = new RestApi(scope, id);
  api.root.addMethod('GET');
  return api;
}

export function httpStage(scope: Construct, id = 'Http'): HttpStage {
  const httpApi = new HttpApi(scope, id, { createDefaultStage: false });
  return new HttpStage(httpApi, 'Stage', {
    httpApi,
    autoDeploy: true,
    throttle: { rateLimit: 100, burstLimit: 200 },
  });
}

export function webSocketStage(scope: Construct, id = 'WebSocket'): WebSocketStage {
  const webSocketApi = new WebSocketApi(scope, id);
  return new WebSocketStage(webSocketApi, 'Stage', { webSocketApi, stageName: 'prod' });
}
