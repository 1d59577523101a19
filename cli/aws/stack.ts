/** A CloudFormation stack: its outputs, and what it is made of. */

import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { UsageError } from '../usage-error';
import { clientConfig } from './session';

export interface StackResource {
  readonly logicalId: string;
  /** Such as `AWS::S3::Bucket`. */
  readonly type: string;
  /** A name, or an ARN, as the type has it. */
  readonly physicalId: string;
}

export async function outputsOf(stack: string): Promise<Map<string, string>> {
  return asked(stack, async (client) => {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  });
}

/** The resources of a stack and of the stacks nested in it. */
export async function resourcesOf(stack: string): Promise<StackResource[]> {
  const own = await asked(stack, async (client) => {
    const resources: StackResource[] = [];
    for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
      for (const summary of page.StackResourceSummaries ?? []) {
        const { LogicalResourceId: logicalId = '', ResourceType: type = '' } = summary;
        resources.push({ logicalId, type, physicalId: summary.PhysicalResourceId ?? '' });
      }
    }
    return resources;
  });
  const nested = own.filter(({ type }) => type === 'AWS::CloudFormation::Stack');
  const below = await Promise.all(nested.map(({ physicalId }) => resourcesOf(physicalId)));
  return [...own, ...below.flat()];
}

async function asked<T>(
  stack: string,
  ask: (client: CloudFormationClient) => Promise<T>,
): Promise<T> {
  const client = new CloudFormationClient(clientConfig());
  try {
    return await ask(client);
  } catch (error) {
    // A stack that is not there is a name that is wrong.
    if ((error as Error).name !== 'ValidationError') throw error;
    throw new UsageError(
      `--stack ${stack}, in Region ${await client.config.region()}: ${(error as Error).message}`,
    );
  } finally {
    client.destroy();
  }
}
