/** Gives stages back what they logged before they were attached. */

import { S3Client } from '@aws-sdk/client-s3';
import { mapInFlight } from '../../lambda/aws/in-flight';
import { accountAndRegion } from '../aws/caller';
import { clientConfig } from '../aws/session';
import { command } from '../command';
import { destinationName, isSameDestination, logGroupOf } from '../destination';
import { findPipeline, type Pipeline, pipelineOptions } from '../pipeline-options';
import { isSameLog } from './access-log';
import type { Stage } from './account-stages';
import { type ApiGateway, apiGateway } from './api-gateway';
import { type AttachmentNotes, attachmentNotes, type StoredNote } from './attachment-notes';
import { changeOptions, changeStages } from './change-stages';
import { readStages } from './read-stages';
import { readUnchanged, writeAccessLog } from './stage-access-log';
import type { StageChange, StageChanges, StandingStage } from './stage-changes';
import { readSelection, selectionOptions } from './stage-selection';

export const detach = command({
  name: 'detach',
  about:
    'Gives stages back what they logged before they were attached: shows the change to each, asks, ' +
    'and makes it.',
  usage: ['--stack NAME (--api ID [--stage NAME] ... | --all) [options]'],
  options: {
    'The pipeline': pipelineOptions,
    'The stages': selectionOptions,
    'The change': changeOptions,
  },
  examples: [
    {
      line: 'detach --stack access-logs --all',
      does: 'every stage, before the stack is destroyed:',
    },
  ],
  notes: [
    'Touches only what attach has changed: a stage that somebody has pointed elsewhere since, or that ' +
      'was attached by hand or by a stack, is left alone. Log groups and what is in them stay.',
  ],
  exitCodes: ['no stage is attached any more', 'some are'],
  async run({ values, given }, terminal) {
    const selection = readSelection(values, given);
    const pipeline = await findPipeline(values);
    const gateway = apiGateway(pipeline.region);
    const stages = await readStages(gateway, selection, terminal.progress);
    const plan = await planDetachment({ gateway, pipeline, stages });
    return changeStages(plan, values, {
      terminal,
      words: { command: 'detach', done: 'detached' },
    });
  },
});

interface Detachment {
  readonly gateway: ApiGateway;
  readonly pipeline: Pipeline;
  readonly stages: readonly Stage[];
}

async function planDetachment({ gateway, pipeline, stages }: Detachment): Promise<StageChanges> {
  const notes = attachmentNotes(new S3Client(clientConfig(pipeline.region)), pipeline);
  const read = await mapInFlight(stages, 8, async (stage) => ({
    stage,
    note: await notes.read(stage),
  }));
  const changes: StageChange[] = [];
  const standing: StandingStage[] = [];
  for (const { stage, note } of read) {
    const reason = note ? reasonToLeave(stage, note) : withoutNote(stage, pipeline);
    if (reason) {
      standing.push({ stage, ...reason });
      continue;
    }
    const after = note?.before;
    const carryOut = () => detachStage(stage, after, { gateway, notes });
    changes.push({ stage, after, carryOut });
  }
  const where = await accountAndRegion(pipeline.streamArn);
  return { changes, standing, where, remarks: [] };
}

type Reason = Omit<StandingStage, 'stage'>;

function withoutNote({ accessLog }: Stage, { streamArn, logGroup }: Pipeline): Reason {
  const destination = accessLog?.destinationArn ?? '';
  const isAttached = destination === streamArn || logGroupOf(destination) === logGroup;
  if (!isAttached) return { outcome: 'unchanged', message: 'not attached' };
  const message = 'attached, but not by this command: change it where that was done';
  return { outcome: 'left', message };
}

function reasonToLeave({ accessLog }: Stage, { before, after }: StoredNote): Reason | undefined {
  const isAttached = accessLog && isSameDestination(accessLog.destinationArn, after.destinationArn);
  // A stage that logs what it did before still has a note to be rid of.
  if (isAttached || isSameLog(accessLog, before)) return undefined;
  const now = accessLog ? `to ${destinationName(accessLog.destinationArn)}` : 'nothing';
  return {
    outcome: 'unchanged',
    message: `logs ${now} since somebody else changed it: left alone`,
  };
}

async function detachStage(
  stage: Stage,
  after: StoredNote['before'],
  { gateway, notes }: { gateway: ApiGateway; notes: AttachmentNotes },
): Promise<void> {
  const before = await readUnchanged(gateway, stage);
  if (!isSameLog(before, after)) await writeAccessLog(gateway, stage, after);
  // Last: an end between the two leaves a note that says what is so already.
  await notes.remove(stage);
}
