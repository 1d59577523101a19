/** Which pipeline a command is about: named by its stack, or by its parts. */

import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { clientConfig } from './aws/session';
import { streamOf } from './destination';
import { UsageError } from './usage-error';

export interface Pipeline {
  readonly streamArn: string;
  readonly streamName: string;
  /** Of the stream, and so of everything else. */
  readonly region: string;
  readonly bucket: string;
  /** Lets CloudWatch Logs put into the stream. */
  readonly roleArn: string | undefined;
  /** Where HTTP and WebSocket stages log to. */
  readonly logGroup: string;
}

export const pipelineOptions = {
  stack: {
    type: 'string',
    value: 'NAME',
    description: "the pipeline's CloudFormation stack; its outputs tell the rest",
  },
  stream: {
    type: 'string',
    value: 'ARN',
    description: "the pipeline's stream, instead of a stack or of the stack's",
  },
  bucket: { type: 'string', value: 'NAME', description: "the pipeline's bucket, likewise" },
} as const;

export interface PipelineValues {
  readonly stack?: string | undefined;
  readonly stream?: string | undefined;
  readonly bucket?: string | undefined;
  readonly role?: string | undefined;
  readonly 'log-group'?: string | undefined;
}

export function namesPipeline({ stack, stream }: PipelineValues): boolean {
  return stack !== undefined || stream !== undefined;
}

export async function findPipeline(values: PipelineValues): Promise<Pipeline> {
  if (!values.stack && !(values.stream && values.bucket)) {
    throw new UsageError(
      'which pipeline? expected --stack NAME, or --stream ARN and --bucket NAME',
    );
  }
  const outputs = values.stack ? await outputsOf(values.stack) : new Map<string, string>();
  const given = (value: string | undefined, output: string): string => {
    const found = value ?? outputs.get(output);
    if (found !== undefined) return found;
    const names = [...outputs.keys()].join(', ') || 'none';
    throw new UsageError(`stack "${values.stack}" has no output ${output}, it has: ${names}`);
  };
  const streamArn = given(values.stream, 'StreamArn');
  const streamName = streamNameOf(streamArn);
  return {
    streamArn,
    streamName,
    region: streamArn.split(':')[3] ?? '',
    bucket: given(values.bucket, 'BucketName'),
    roleArn: values.role ?? outputs.get('SubscriptionRoleArn'),
    // CloudWatch Logs lets services write to groups of this prefix without a policy for each of them.
    logGroup: values['log-group'] ?? outputs.get('LogGroupName') ?? `/aws/vendedlogs/${streamName}`,
  };
}

function streamNameOf(streamArn: string): string {
  const name = streamOf(streamArn);
  if (name?.startsWith('amazon-apigateway-')) return name;
  const expected = 'arn:aws:firehose:<region>:<account>:deliverystream/amazon-apigateway-<name>';
  throw new UsageError(`--stream: got "${streamArn}", expected ${expected}`);
}

async function outputsOf(stack: string): Promise<Map<string, string>> {
  const client = new CloudFormationClient(clientConfig());
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (error) {
    // A stack that is not there is a name that is wrong.
    if ((error as Error).name !== 'ValidationError') throw error;
    throw new UsageError(`--stack: ${(error as Error).message}`);
  } finally {
    client.destroy();
  }
}
