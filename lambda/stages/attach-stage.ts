/**
 * Attaches a stage to the pipeline, and detaches it. Several owners may attach one stage: it logs what the
 * latest of them asked for. When an owner detaches it, it logs what the one before asked for, and after the
 * last one what it logged at first. A stage that was pointed elsewhere meanwhile is left alone.
 *
 * Each can end anywhere and be run again: the note is written before the stage is, and names all that
 * the stage may log then.
 */

import { isDeepStrictEqual } from 'node:util';
import { type AccessLog, isSameLog } from './access-log';
import type { Attachment, AttachmentNote, AttachmentNotes, StoredNote } from './attachment-notes';
import { isSameDestination } from './destination';
import {
  type ApiGatewayClients,
  isGone,
  readAccessLog,
  type StageId,
  writeAccessLog,
} from './stage-access-log';

/** Whom the command line attaches stages for. */
export const COMMAND_LINE = 'apigw-logs';

export interface StageAttacher {
  readonly clients: ApiGatewayClients;
  readonly notes: AttachmentNotes;
}

export async function attachStage(
  { clients, notes }: StageAttacher,
  stage: StageId,
  attachment: Attachment,
  /** What the same one attached the stage to, and where that was noted. */
  formerly?: { readonly notes: AttachmentNotes; readonly destinationArn: string },
): Promise<void> {
  const logged = await readAccessLog(clients, stage);
  const note = await notes.read(stage);
  const others: Attachment[] = [];
  const replaced: Attachment[] = [];
  let before = logged;
  if (note && isAttached(stage, note, logged)) {
    before = note.before;
    for (const each of note.attached) {
      if (each.by !== attachment.by) others.push(each);
      else if (!isSameLog(each.to, attachment.to)) replaced.push(each);
    }
  } else if (formerly && logged) {
    const former = await formerly.notes.read(stage);
    if (former && isAttached(stage, former, logged)) before = former.before;
    // Somebody has removed the note: a destination that may go with the stack is nothing to go back to.
    else if (isSameDestination(logged.destinationArn, formerly.destinationArn)) before = undefined;
  }

  const meanwhile = { before, attached: [...others, ...replaced, attachment] };
  const isNoted = note && isDeepStrictEqual(note, { ...meanwhile, etag: note.etag });
  const stored = isNoted ? note : await notes.write(stage, meanwhile, note);
  if (!isSameLog(logged, attachment.to)) await writeAccessLog(clients, stage, attachment.to);
  if (replaced.length === 0) return;
  await notes.write(stage, { before, attached: [...others, attachment] }, stored);
}

/** Does nothing for who has not attached the stage. */
export async function releaseStage(
  { clients, notes }: StageAttacher,
  stage: StageId,
  by: string,
): Promise<void> {
  const note = await notes.read(stage);
  if (!note || note.attached.every((each) => each.by !== by)) return;
  const others = note.attached.filter((each) => each.by !== by);
  if (note.attached.at(-1)?.by === by) {
    await giveBack(clients, stage, note, others.at(-1)?.to ?? note.before);
  }
  await keep(notes, stage, others, note);
}

/** Removes what is noted, and leaves the stage as it is. */
export async function forgetStage(
  notes: AttachmentNotes,
  stage: StageId,
  by: string,
): Promise<void> {
  const note = await notes.read(stage);
  if (!note) return;
  await keep(
    notes,
    stage,
    note.attached.filter((each) => each.by !== by),
    note,
  );
}

async function keep(
  notes: AttachmentNotes,
  stage: StageId,
  attached: readonly Attachment[],
  note: StoredNote,
): Promise<void> {
  if (attached.length === 0) await notes.remove(stage);
  else await notes.write(stage, { before: note.before, attached }, note);
}

/** Restores what a stage logged before it was first attached. */
export async function detachStage(
  { clients, notes }: StageAttacher,
  stage: StageId,
  note: AttachmentNote,
): Promise<void> {
  await giveBack(clients, stage, note, note.before);
  // Last: if it ends between the two, the note describes what is so already.
  await notes.remove(stage);
}

/** Whether a stage still logs as in the note: its settings were not changed since. */
export function isAttached(
  { apiType }: StageId,
  { before, attached }: AttachmentNote,
  logged: AccessLog | undefined,
): boolean {
  // The settings of HTTP and WebSocket stages are deleted first where a destination alone is put back.
  if (!logged) return apiType !== 'REST' && before !== undefined && before.format === undefined;
  return attached.some(({ to }) => isSameDestination(to.destinationArn, logged.destinationArn));
}

/** A stage that is gone needs nothing back. */
async function giveBack(
  clients: ApiGatewayClients,
  stage: StageId,
  note: AttachmentNote,
  to: AccessLog | undefined,
): Promise<void> {
  try {
    const logged = await readAccessLog(clients, stage);
    if (isAttached(stage, note, logged) && !isSameLog(logged, to)) {
      await writeAccessLog(clients, stage, to);
    }
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
