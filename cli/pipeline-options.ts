/** Which pipeline a command is about: named by its stack, or by its parts. */

import { streamOf } from '../lambda/stages/destination';
import { outputsOf, resourcesOf } from './aws/stack';
import { describeStream } from './aws/stream';
import { UsageError } from './usage-error';

export interface Pipeline {
  readonly streamArn: string;
  readonly streamName: string;
  /** The Region of the stream, and so of everything else. */
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
    description: "the pipeline's CloudFormation stack; its outputs or its resources tell the rest",
  },
  stream: {
    type: 'string',
    value: 'ARN',
    description: "the pipeline's stream, instead of a stack or of the stack's",
  },
  bucket: {
    type: 'string',
    value: 'NAME',
    description: "the pipeline's bucket, instead of the one that the stream delivers to",
  },
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
  const { stack, stream, bucket } = values;
  if (!stack && !stream) {
    throw new UsageError('which pipeline? expected --stack NAME, or --stream ARN');
  }
  if (stream) streamNameOf(stream);
  const outputs = stack ? await outputsOf(stack) : new Map<string, string>();
  const parts = stream || outputs.has('StreamArn') || !stack ? {} : await partsOf(stack, outputs);
  const known = stream ?? outputs.get('StreamArn');
  const knownBucket = bucket ?? outputs.get('BucketName');
  const described =
    known && knownBucket
      ? { arn: known, bucket: knownBucket }
      : await describeStream(parts.streamName ?? streamNameOf(known ?? ''), regionOf(known ?? ''));
  const streamName = streamNameOf(described.arn);
  return {
    streamArn: described.arn,
    streamName,
    region: regionOf(described.arn) ?? '',
    bucket: knownBucket ?? described.bucket,
    roleArn:
      values.role ?? outputs.get('SubscriptionRoleArn') ?? roleArnOf(parts.role, described.arn),
    // CloudWatch Logs lets services write to groups of this prefix without a policy for each of them.
    logGroup: values['log-group'] ?? outputs.get('LogGroupName') ?? `/aws/vendedlogs/${streamName}`,
  };
}

/** The parts of a pipeline that is a construct in any stack, which has no outputs. */
async function partsOf(
  stack: string,
  outputs: ReadonlyMap<string, string>,
): Promise<{ readonly streamName?: string; readonly role?: string | undefined }> {
  const resources = await resourcesOf(stack);
  const streams = resources.filter(
    ({ type, physicalId }) =>
      type === 'AWS::KinesisFirehose::DeliveryStream' && physicalId.startsWith(STREAM_PREFIX),
  );
  const [only] = streams;
  if (!only) {
    const names = [...outputs.keys()].join(', ') || 'none';
    throw new UsageError(
      `stack "${stack}" has no stream ${STREAM_PREFIX}… and no output StreamArn (its outputs: ` +
        `${names}): expected the pipeline's stack, or --stream ARN`,
    );
  }
  if (streams.length > 1) {
    const names = streams.map(({ physicalId }) => physicalId).join(', ');
    throw new UsageError(`stack "${stack}" has the streams ${names}: expected --stream ARN of one`);
  }
  const roles = resources.filter(
    ({ type, logicalId }) => type === 'AWS::IAM::Role' && logicalId.includes('SubscriptionRole'),
  );
  return {
    streamName: only.physicalId,
    role: roles.length === 1 ? roles[0]?.physicalId : undefined,
  };
}

function roleArnOf(name: string | undefined, streamArn: string): string | undefined {
  const [, partition, , , account] = streamArn.split(':');
  return name && `arn:${partition}:iam::${account}:role/${name}`;
}

const STREAM_PREFIX = 'amazon-apigateway-';

function regionOf(streamArn: string): string | undefined {
  return streamArn.split(':')[3];
}

function streamNameOf(streamArn: string): string {
  const name = streamOf(streamArn);
  if (name?.startsWith(STREAM_PREFIX)) return name;
  const expected = `arn:aws:firehose:<region>:<account>:deliverystream/${STREAM_PREFIX}<name>`;
  throw new UsageError(`--stream: got "${streamArn}", expected ${expected}`);
}
