/** What each stage logs, whether that reaches the pipeline, and what its lines lack. */

import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { checkFormat, type FormatCheck } from '../../lambda/core/format/check/check';
import { logGroupOf } from '../../lambda/stages/destination';
import { clientConfig } from '../aws/session';
import type { Pipeline } from '../pipeline-options';
import type { Stage } from './account-stages';
import { isForwarded } from './log-delivery';

export interface StageStatus {
  readonly stage: Stage;
  /** Undefined where no pipeline was named. */
  readonly isAttached: boolean | undefined;
  /** The findings of the check of its log format. */
  readonly check: FormatCheck | undefined;
}

export async function statusesOf(
  stages: readonly Stage[],
  pipeline?: Pipeline,
): Promise<StageStatus[]> {
  const attached = pipeline && (await destinationsOf(pipeline, stages));
  return stages.map((stage) => statusOf(stage, attached));
}

/** The stream, and the log groups from which everything goes there. */
async function destinationsOf(
  { streamArn, region }: Pipeline,
  stages: readonly Stage[],
): Promise<Set<string>> {
  const logs = new CloudWatchLogsClient(clientConfig(region));
  const attached = new Set([streamArn]);
  for (const arn of new Set(stages.map(({ accessLog }) => accessLog?.destinationArn ?? ''))) {
    const logGroup = logGroupOf(arn);
    if (logGroup && (await isForwarded(logs, logGroup, streamArn))) attached.add(arn);
  }
  return attached;
}

function statusOf(stage: Stage, attached: ReadonlySet<string> | undefined): StageStatus {
  const { accessLog, api } = stage;
  return {
    stage,
    isAttached: attached?.has(accessLog?.destinationArn ?? ''),
    check: accessLog && checkFormat(accessLog.format ?? '', api.type),
  };
}
