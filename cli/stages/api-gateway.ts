/**
 * API Gateway's two clients: one for REST APIs, one for HTTP and WebSocket APIs. They share a limit of
 * 10 requests a second and a burst of 40 with everything else that the account does there, deployments
 * first of all, so half of it is what this takes
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html; `UpdateStage` has no
 * limit of its own).
 */

import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { accountLimits } from '../../lambda/account/account-limits';
import { pace, pacer } from '../../lambda/aws/pacer';
import type { ApiGatewayClients } from '../../lambda/stages/stage-access-log';
import { clientConfig } from '../aws/session';

/** In the Region that the environment names, unless it is given. */
export function apiGateway(region?: string): ApiGatewayClients {
  const config = { ...clientConfig(region), retryMode: 'adaptive', maxAttempts: 12 };
  const gateway = { rest: new APIGatewayClient(config), v2: new ApiGatewayV2Client(config) };
  const turn = pacer({
    ratePerSecond: accountLimits.ratePerSecond / 2,
    burst: accountLimits.burst / 2,
  });
  pace(gateway.rest, turn);
  pace(gateway.v2, turn);
  return gateway;
}
