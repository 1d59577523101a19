/** Lets stages log again what they logged before they were attached. */

import { S3Client } from '@aws-sdk/client-s3';
import { mapInFlight } from '../../lambda/aws/in-flight';
import { isSameLog } from '../../lambda/stages/access-log';
import { COMMAND_LINE, detachStage, isAttached } from '../../lambda/stages/attach-stage';
import { attachmentNotes, type StoredNote } from '../../lambda/stages/attachment-notes';
import { destinationName, logGroupOf } from '../../lambda/stages/destination';
import type { ApiGatewayClients } from '../../lambda/stages/stage-access-log';
import { accountAndRegion } from '../aws/caller';
import { clientConfig } from '../aws/session';
import { command } from '../command';
import { findPipeline, type Pipeline, pipelineOptions } from '../pipeline-options';
import { idOf, type Stage } from './account-stages';
import { apiGateway } from './api-gateway';
import { changeOptions, changeStages } from './change-stages';
import { readStages } from './read-stages';
import { refuseChanged } from './refuse-changed';
import type { SkippedStage, StageChange, StageChanges } from './stage-changes';
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
    'Touches only what attach has changed, or a stack that names a stage by its ids: a stage that ' +
      'somebody has pointed elsewhere since, or that was attached by hand, is left alone. Log groups ' +
      'and what is in them stay.',
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
  readonly gateway: ApiGatewayClients;
  readonly pipeline: Pipeline;
  readonly stages: readonly Stage[];
}

async function planDetachment({ gateway, pipeline, stages }: Detachment): Promise<StageChanges> {
  const notes = attachmentNotes(new S3Client(clientConfig(pipeline.region)), pipeline.bucket);
  const read = await mapInFlight(stages, 8, async (stage) => ({
    stage,
    note: await notes.read(idOf(stage)),
  }));
  const changes: StageChange[] = [];
  const skipped: SkippedStage[] = [];
  const inCode = new Set<string>();
  for (const { stage, note } of read) {
    const reason = note ? reasonToLeave(stage, note, pipeline) : withoutNote(stage, pipeline);
    if (reason || !note) {
      if (reason) skipped.push({ stage, ...reason });
      continue;
    }
    for (const { by } of note.attached) if (by !== COMMAND_LINE) inCode.add(by);
    const carryOut = async () => {
      await refuseChanged(gateway, stage);
      await detachStage({ clients: gateway, notes }, idOf(stage), note);
    };
    changes.push({ stage, after: note.before, carryOut });
  }
  const where = await accountAndRegion(pipeline.streamArn);
  return { changes, skipped, where, remarks: [...inCode].map(remarkOn) };
}

function remarkOn(resource: string): string {
  return `${resource} attaches a stage in code: take it out there too, or it comes back one day`;
}

type SkipReason = Omit<SkippedStage, 'stage'>;

function withoutNote({ accessLog }: Stage, { streamArn, logGroup }: Pipeline): SkipReason {
  const destination = accessLog?.destinationArn ?? '';
  const isAttached = destination === streamArn || logGroupOf(destination) === logGroup;
  if (!isAttached) return { outcome: 'unchanged', message: 'not attached' };
  const message = 'attached, but not by this command: change it where that was done';
  return { outcome: 'left', message };
}

function reasonToLeave(
  stage: Stage,
  note: StoredNote,
  { streamName }: Pipeline,
): SkipReason | undefined {
  const { accessLog } = stage;
  const stream = note.attached.at(-1)?.stream;
  if (stream !== streamName) {
    return { outcome: 'unchanged', message: `attached to another pipeline, ${stream}` };
  }
  // A stage that logs what it did before still has a note to be rid of.
  if (isAttached(idOf(stage), note, accessLog) || isSameLog(accessLog, note.before))
    return undefined;
  const now = accessLog ? `to ${destinationName(accessLog.destinationArn)}` : 'nothing';
  return {
    outcome: 'unchanged',
    message: `logs ${now} since somebody else changed it: left alone`,
  };
}
