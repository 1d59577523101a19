import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import {
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from '../../emulator/control-plane';
import { controlPlaneClient } from '../../lambda/aws/control-plane-client';

/** An embedded control plane, and the client that the function has for it. */
export interface Account {
  readonly controlPlane: ControlPlane;
  readonly client: APIGatewayClient;
  close(): Promise<void>;
}

export async function startAccount(options: ControlPlaneOptions = {}): Promise<Account> {
  const controlPlane = await startControlPlane(options);
  const client = clientFor(controlPlane.url);
  return {
    controlPlane,
    client,
    close: async () => {
      client.destroy();
      await controlPlane.close();
    },
  };
}

export function clientFor(endpoint: string): APIGatewayClient {
  return controlPlaneClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}
