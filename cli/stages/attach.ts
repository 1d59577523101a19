/** Lets stages log to the pipeline, and notes what they logged before. */

import { GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { MAX_FORMAT_BYTES } from '../../lambda/core/format/format';
import { logFormat } from '../../lambda/core/format/known/log-format';
import { partsOf } from '../../lambda/core/format/template';
import { isSameLog } from '../../lambda/stages/access-log';
import { attachStage, COMMAND_LINE } from '../../lambda/stages/attach-stage';
import { attachmentNotes } from '../../lambda/stages/attachment-notes';
import type { ApiGatewayClients } from '../../lambda/stages/stage-access-log';
import { accountAndRegion } from '../aws/caller';
import { clientConfig } from '../aws/session';
import { describeStream } from '../aws/stream';
import { command } from '../command';
import { readText } from '../json-source';
import { findPipeline, type Pipeline, pipelineOptions } from '../pipeline-options';
import { UsageError } from '../usage-error';
import { idOf, type Stage } from './account-stages';
import { apiGateway } from './api-gateway';
import { changeOptions, changeStages } from './change-stages';
import {
  completeLogDelivery,
  findLogDelivery,
  type LogDelivery,
  type LogGroupOptions,
} from './log-delivery';
import { readStages } from './read-stages';
import { refuseChanged } from './refuse-changed';
import type { SkippedStage, StageChange, StageChanges } from './stage-changes';
import { readSelection, selectionOptions } from './stage-selection';

export const attach = command({
  name: 'attach',
  about: 'Lets stages log to the pipeline: shows the change to each, asks, and makes it.',
  usage: ['--stack NAME (--api ID [--stage NAME] ... | --all) [options]'],
  options: {
    'The pipeline': {
      ...pipelineOptions,
      role: {
        type: 'string',
        value: 'ARN',
        description: 'lets CloudWatch Logs put into the stream: for HTTP and WebSocket stages',
      },
      'log-group': {
        type: 'string',
        value: 'NAME',
        description:
          "what HTTP and WebSocket stages log to, created if it is not there; default: the stack's, " +
          'or /aws/vendedlogs/<stream>',
      },
      retention: {
        type: 'string',
        value: 'DAYS',
        description: 'how long a log group that is created keeps its logs',
        default: '14',
      },
    },
    'The stages': selectionOptions,
    'The change': {
      format: {
        type: 'string',
        value: 'FILE',
        description: 'log this format, one line, instead of the recommended one',
      },
      'keep-format': {
        type: 'boolean',
        description: 'leave the format of stages that log already',
      },
      ...changeOptions,
    },
  },
  examples: [
    { line: 'attach --stack access-logs --api 7k2m9x4qpa --stage prod', does: 'one stage:' },
    {
      line: 'attach --stack access-logs --all --dry-run',
      does: 'what would change of every stage:',
    },
  ],
  notes: [
    'REST stages log straight to the stream. HTTP and WebSocket stages can log to a log group only: ' +
      'its subscription filter passes everything on. A stage logs to one place: what it logged to ' +
      "before gets no more. detach puts it back, from a note under _attach/ in the pipeline's bucket.",
    'Takes up to half of the 10 control-plane requests a second that AWS allows an account. Ctrl-C ' +
      'ends after the stage at hand; run again, it goes on where it was.',
  ],
  exitCodes: ['every stage is attached', 'not every'],
  async run({ values, given }, terminal) {
    const selection = readSelection(values, given);
    const retentionInDays = retentionOf(values.retention);
    if (values.format && values['keep-format']) {
      throw new UsageError('--format and --keep-format exclude each other');
    }
    const format = values.format ? await readFormat(values.format) : undefined;
    const pipeline = await findPipeline(values);
    const gateway = apiGateway(pipeline.region);
    const stages = await readStages(gateway, selection, terminal.progress);
    const formatOf = (stage: Stage): string => {
      if (format !== undefined) return format;
      return (values['keep-format'] && stage.accessLog?.format) || logFormat(stage.api.type);
    };
    if (format !== undefined) refuseMixedTypes(stages);
    const plan = await planAttachment({ gateway, pipeline, stages, formatOf, retentionInDays });
    return changeStages(plan, values, {
      terminal,
      words: { command: 'attach', done: 'attached' },
    });
  },
});

interface Attachment {
  readonly gateway: ApiGatewayClients;
  readonly pipeline: Pipeline;
  readonly stages: readonly Stage[];
  readonly formatOf: (stage: Stage) => string;
  readonly retentionInDays: number;
}

async function planAttachment(attachment: Attachment): Promise<StageChanges> {
  const { gateway, pipeline, stages, formatOf, retentionInDays } = attachment;
  const { region } = pipeline;
  const logs = new CloudWatchLogsClient(clientConfig(region));
  const notes = attachmentNotes(new S3Client(clientConfig(region)), pipeline.bucket);
  const viaLogGroup = stages.filter(({ api }) => api.type !== 'REST');
  const delivery = viaLogGroup.length > 0 ? await findLogDelivery(logs, pipeline) : undefined;
  const keyArn =
    delivery && !delivery.hasLogGroup
      ? (await describeStream(pipeline.streamName, region)).keyArn
      : undefined;
  const completed = once(async () => {
    if (delivery) await completeLogDelivery(logs, delivery, { pipeline, retentionInDays, keyArn });
  });

  const changes: StageChange[] = [];
  const skipped: SkippedStage[] = [];
  for (const stage of stages) {
    const isRest = stage.api.type === 'REST';
    const destinationArn = isRest ? pipeline.streamArn : (delivery?.logGroupArn ?? '');
    const after = { destinationArn, format: formatOf(stage) };
    if (isSameLog(stage.accessLog, after) && (isRest || delivery?.isForwarded)) {
      skipped.push({ stage, outcome: 'unchanged', message: 'attached already' });
      continue;
    }
    const carryOut = async () => {
      if (!isRest) await completed();
      await refuseChanged(gateway, stage);
      const attachment = { by: COMMAND_LINE, stream: pipeline.streamName, to: after };
      await attachStage({ clients: gateway, notes }, idOf(stage), attachment);
    };
    changes.push({ stage, after, carryOut });
  }

  const changesLogGroup = changes.some(({ stage }) => stage.api.type !== 'REST');
  if (changesLogGroup && !delivery?.isForwarded && !pipeline.roleArn) {
    throw new UsageError(
      'HTTP and WebSocket stages log through a log group: expected --role ARN, of a role that lets ' +
        'CloudWatch Logs put into the stream, or --type REST to leave them out',
    );
  }
  await requireAccountRole(gateway, changes);
  return {
    changes,
    skipped,
    where: await accountAndRegion(pipeline.streamArn),
    remarks:
      changesLogGroup && delivery ? remarksOn(delivery, { pipeline, retentionInDays, keyArn }) : [],
  };
}

function remarksOn(
  { logGroup, hasLogGroup, isForwarded }: LogDelivery,
  { pipeline: { streamName, roleArn }, retentionInDays, keyArn }: LogGroupOptions,
): string[] {
  const remarks: string[] = [];
  if (!hasLogGroup) {
    remarks.push(`log group ${logGroup} is going to be created, keeping ${retentionInDays} days`);
    if (keyArn !== undefined) remarks.push(`encrypted with ${keyArn}`);
  }
  if (!isForwarded) {
    remarks.push(`log group ${logGroup} is going to pass everything on to ${streamName}`);
    remarks.push(`by the role ${roleArn}`);
  }
  return remarks;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
async function requireAccountRole(
  { rest }: ApiGatewayClients,
  changes: readonly StageChange[],
): Promise<void> {
  if (!changes.some(({ stage }) => stage.api.type === 'WEBSOCKET')) return;
  const { cloudwatchRoleArn } = await rest.send(new GetAccountCommand({}));
  if (cloudwatchRoleArn) return;
  throw new Error(
    'WebSocket stages can log only once API Gateway has a role for CloudWatch Logs in this account ' +
      'and Region: create one with the policy AmazonAPIGatewayPushToCloudWatchLogs, then run ' +
      '`aws apigateway update-account --patch-operations ' +
      'op=replace,path=/cloudwatchRoleArn,value=ROLE_ARN`; or leave them out: --type REST --type HTTP',
  );
}

function refuseMixedTypes(stages: readonly Stage[]): void {
  const types = [...new Set(stages.map(({ api }) => api.type))];
  if (types.length < 2) return;
  throw new UsageError(`--format: got stages of ${types.join(' and ')} APIs, expected one type`);
}

async function readFormat(file: string): Promise<string> {
  const text = await readText(file).catch((error: Error) => {
    throw new UsageError(`--format: ${error.message}`);
  });
  // The newline at the end is the editor's.
  const format = text.replace(/\r?\n$/, '');
  const problem = problemOf(format);
  if (problem) throw new UsageError(`--format: ${file} ${problem}`);
  return format;
}

function problemOf(format: string): string | undefined {
  if (/[\r\n]/.test(format)) return 'has several lines, expected one';
  const bytes = Buffer.byteLength(format);
  if (bytes > MAX_FORMAT_BYTES) return `has ${bytes} bytes, expected at most ${MAX_FORMAT_BYTES}`;
  const { variables } = partsOf(format);
  if (variables.includes('requestId') || variables.includes('extendedRequestId')) return undefined;
  return 'has neither $context.requestId nor $context.extendedRequestId, expected one';
}

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

function retentionOf(text: string): number {
  if (retentions.includes(Number(text))) return Number(text);
  throw new UsageError(`--retention: got "${text}", expected one of ${retentions.join(', ')}`);
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= action();
    return done;
  };
}
