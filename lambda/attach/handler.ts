/** Attaches the stages that a stack names by their ids: the function behind its custom resources. */

import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { S3Client } from '@aws-sdk/client-s3';
import { answer, type ResourceResult } from './custom-resource';
import { apiNameOf, changeStage, physicalIdOf, type StageEvent } from './stage-resource';
import { tryAgain } from './try-again';

// A deployment attaches many stages at once, and API Gateway takes 10 calls a second of an account.
const config = { retryMode: 'adaptive', maxAttempts: 12 };
const clients = {
  rest: new APIGatewayClient(config),
  v2: new ApiGatewayV2Client(config),
  s3: new S3Client(config),
};

export async function handler(event: StageEvent): Promise<void> {
  const outcome = await outcomeOf(event);
  const { RequestType: request, ResourceProperties: properties } = event;
  console.log(JSON.stringify({ request, stage: physicalIdOf(properties), ...outcome }));
  await answer(event, outcome);
}

async function outcomeOf(event: StageEvent): Promise<ResourceResult> {
  const { RequestType, ResourceProperties, PhysicalResourceId } = event;
  const stage = physicalIdOf(ResourceProperties);
  try {
    if (RequestType === 'Delete') {
      await tryAgain(() => changeStage(clients, event));
      return { physicalResourceId: PhysicalResourceId ?? stage };
    }
    // First: where there is no such API, nothing is changed.
    const ApiName = await tryAgain(() => apiNameOf(clients, ResourceProperties));
    await tryAgain(() => changeStage(clients, event));
    return { physicalResourceId: stage, ...(ApiName && { attributes: { ApiName } }) };
  } catch (error) {
    const { name, message } = error as Error;
    // CloudFormation deletes what has another id than before.
    return {
      physicalResourceId: PhysicalResourceId ?? stage,
      failure: `stage ${stage}: ${name}: ${message}`,
    };
  }
}
