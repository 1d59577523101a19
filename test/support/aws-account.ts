/** The services that the command line talks to, on loopback ports that the SDK finds by itself. */

import {
  type ControlPlane,
  type ControlPlaneOptions,
  startControlPlane,
} from '../../emulator/control-plane';
import { type BucketServer, startBucket } from './bucket-server';
import { type CloudWatchServer, startCloudWatch } from './cloudwatch-server';
import { type FirehoseServer, type FirehoseServerOptions, startFirehose } from './firehose-server';
import { startLambda } from './lambda-server';
import { type LogsServer, startLogs } from './logs-server';
import { type SqsServer, startSqs } from './sqs-server';
import { startStacks, type TestResource } from './stack-server';
import { type StagesAccount, stagesApi } from './stages-api';
import { startSts } from './sts-server';

export const BUCKET = 'access-logs-bucket';
export const OTHER_BUCKET = 'other-bucket';
export const STREAM_NAME = 'amazon-apigateway-access-logs';
export const STREAM_ARN = `arn:aws:firehose:eu-west-1:123456789012:deliverystream/${STREAM_NAME}`;
export const ROLE_ARN = 'arn:aws:iam::123456789012:role/Subscription';
const STACK_OUTPUTS = {
  StreamArn: STREAM_ARN,
  BucketName: BUCKET,
  SubscriptionRoleArn: ROLE_ARN,
};

export interface AwsAccount extends StagesAccount {
  readonly cloudwatch: CloudWatchServer;
  readonly controlPlane: ControlPlane;
  readonly firehose: FirehoseServer;
  readonly logs: LogsServer;
  readonly s3: BucketServer;
  readonly sqs: SqsServer;
  /** What another process needs to find it. */
  readonly environment: Record<string, string>;
  close(): Promise<void>;
}

export interface AwsAccountOptions extends Partial<StagesAccount> {
  readonly controlPlane?: ControlPlaneOptions;
  readonly firehose?: FirehoseServerOptions;
  /** The environment of the stream's function. */
  readonly functionEnvironment?: Readonly<Record<string, string>>;
  /** The ARN of whoever the command line's credentials are for. */
  readonly caller?: string;
  readonly resources?: Record<string, readonly TestResource[]>;
  readonly stacks?: Record<string, Record<string, string>>;
}

export async function startAwsAccount(options: AwsAccountOptions = {}): Promise<AwsAccount> {
  const stages: StagesAccount = {
    apis: options.apis ?? [],
    cloudwatchRoleArn: options.cloudwatchRoleArn,
    ignoresUpdates: options.ignoresUpdates ?? false,
  };
  const controlPlane = await startControlPlane({
    ...options.controlPlane,
    answerOther: stagesApi(stages),
  });
  const firehose = await startFirehose({
    stream: { arn: STREAM_ARN, bucket: BUCKET },
    ...options.firehose,
  });
  const logs = await startLogs();
  const s3 = await startBucket(BUCKET, [OTHER_BUCKET]);
  const stacks = await startStacks({
    outputs: options.stacks ?? { Logs: STACK_OUTPUTS },
    resources: options.resources,
  });
  const cloudwatch = await startCloudWatch();
  const lambda = await startLambda(options.functionEnvironment);
  const sqs = await startSqs();
  const sts = await startSts(options.caller ?? '123456789012');
  const environment = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_API_GATEWAY: controlPlane.url,
    AWS_ENDPOINT_URL_APIGATEWAYV2: controlPlane.url,
    AWS_ENDPOINT_URL_FIREHOSE: firehose.url,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logs.url,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_CLOUDFORMATION: stacks.url,
    AWS_ENDPOINT_URL_CLOUDWATCH: cloudwatch.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_STS: sts.url,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  Object.assign(process.env, environment);
  const servers = [controlPlane, firehose, logs, s3, stacks, sts, cloudwatch, lambda, sqs];
  return Object.assign(stages, {
    cloudwatch,
    controlPlane,
    firehose,
    logs,
    s3,
    sqs,
    environment,
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  });
}
