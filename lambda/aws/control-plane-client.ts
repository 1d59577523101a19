import { APIGatewayClient, type APIGatewayClientConfig } from '@aws-sdk/client-api-gateway';

/**
 * Several containers that load together share 10 requests a second: with the SDK's 3 attempts most
 * of their loads fail, with 12 and the adaptive mode none did.
 */
export function controlPlaneClient(config: APIGatewayClientConfig = {}): APIGatewayClient {
  return new APIGatewayClient({ retryMode: 'adaptive', maxAttempts: 12, ...config });
}
