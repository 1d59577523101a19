/**
 * The way of HTTP and WebSocket access logs to the stream. Such stages can log to a log group only,
 * whose subscription filter passes everything on.
 */

import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeSubscriptionFiltersCommand,
  InvalidParameterException,
  PutRetentionPolicyCommand,
  PutSubscriptionFilterCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Pipeline } from '../pipeline-options';

export interface LogDelivery {
  readonly logGroup: string;
  readonly logGroupArn: string;
  readonly hasLogGroup: boolean;
  /** Whether everything in the log group goes to the stream. */
  readonly isForwarded: boolean;
}

export async function findLogDelivery(
  logs: CloudWatchLogsClient,
  { logGroup, streamArn }: Pipeline,
): Promise<LogDelivery> {
  const { logGroups = [] } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroup }),
  );
  const hasLogGroup = logGroups.some(({ logGroupName }) => logGroupName === logGroup);
  const [, partition, , region, account] = streamArn.split(':');
  return {
    logGroup,
    logGroupArn: `arn:${partition}:logs:${region}:${account}:log-group:${logGroup}`,
    hasLogGroup,
    isForwarded: hasLogGroup && (await isForwarded(logs, logGroup, streamArn)),
  };
}

export async function isForwarded(
  logs: CloudWatchLogsClient,
  logGroupName: string,
  streamArn: string,
): Promise<boolean> {
  try {
    const command = new DescribeSubscriptionFiltersCommand({ logGroupName });
    const { subscriptionFilters = [] } = await logs.send(command);
    return subscriptionFilters.some(
      ({ destinationArn, filterPattern }) => destinationArn === streamArn && !filterPattern,
    );
  } catch (error) {
    // A stage still names a log group that was deleted.
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}

export interface LogGroupOptions {
  readonly pipeline: Pipeline;
  readonly retentionInDays: number;
  /** Encrypts the log group: the key that the stream has. */
  readonly keyArn?: string | undefined;
}

/** Creates what is missing; what is there stays as it is. */
export async function completeLogDelivery(
  logs: CloudWatchLogsClient,
  { logGroup, hasLogGroup, isForwarded }: LogDelivery,
  { pipeline, retentionInDays, keyArn }: LogGroupOptions,
): Promise<void> {
  if (!hasLogGroup) {
    await createLogGroup(logs, logGroup, keyArn);
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: logGroup, retentionInDays }));
  }
  if (isForwarded) return;
  await logs.send(
    new PutSubscriptionFilterCommand({
      logGroupName: logGroup,
      filterName: pipeline.streamName,
      filterPattern: '',
      destinationArn: pipeline.streamArn,
      roleArn: pipeline.roleArn,
    }),
  );
}

async function createLogGroup(
  logs: CloudWatchLogsClient,
  logGroupName: string,
  kmsKeyId: string | undefined,
): Promise<void> {
  try {
    await logs.send(new CreateLogGroupCommand({ logGroupName, kmsKeyId }));
  } catch (error) {
    if (error instanceof ResourceAlreadyExistsException) return;
    // The error of CloudWatch Logs for a key that it may not use names neither policy nor principal.
    if (kmsKeyId === undefined || !(error instanceof InvalidParameterException)) throw error;
    throw new Error(
      `log group ${logGroupName} is not created, since CloudWatch Logs may not use ${kmsKeyId}, the key ` +
        `of the stream: let logs.REGION.amazonaws.com use it, see docs/layout.md (${error.message})`,
    );
  }
}
