/** What a person sees of one record: each line that went in, and below it what came out. */

import type {
  FirehoseTransformationEventRecord,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import { readLogLine } from '../lambda/core/log-line';
import { readRecord } from '../lambda/core/record';
import { treatSecretsInText } from '../lambda/core/secrets';
import type { Settings } from '../lambda/core/settings';
import { printable, type Stretch } from './fit';

export interface Row {
  readonly kind: 'in' | 'out' | 'fate';
  /** What the function added stands out. */
  readonly stretches: readonly Stretch[];
}

const fates = {
  Dropped: 'Dropped: there is nothing to deliver',
  ProcessingFailed: 'ProcessingFailed: Firehose keeps the record, untouched, under errors/',
};

export function rowsOf(
  { data }: FirehoseTransformationEventRecord,
  { result, data: delivered = '' }: FirehoseTransformationResultRecord,
  settings: Settings,
): Row[] {
  const ins = readRecord(data).map(({ text }) => rowIn(text));
  if (result !== 'Ok') return [...ins, row('fate', fates[result])];

  const outs = linesOf(delivered).map((line) => rowOut(line, settings));
  if (ins.length !== outs.length) return [...ins, ...outs];
  return ins.flatMap((rowBefore, index) => [rowBefore, outs[index] as Row]);
}

function rowIn(text: string): Row {
  // A terminal, its scrollback and a build log are no places for a key's value.
  return row('in', treatSecretsInText(text, 'mask'));
}

function rowOut(text: string, settings: Settings): Row {
  const line = settings.apiKeyValues === 'keep' ? treatSecretsInText(text, 'mask') : text;
  const added = [settings.usagePlanField, settings.customerNameField];
  const stretches: Stretch[] = [];
  let at = 0;
  for (const { name, start, end } of readLogLine(line)?.members ?? []) {
    if (!added.includes(name)) continue;
    stretches.push(stretch(line.slice(at, start), false), stretch(line.slice(start, end), true));
    at = end;
  }
  stretches.push(stretch(line.slice(at), false));
  return { kind: 'out', stretches: stretches.filter((part) => part.text !== '') };
}

function row(kind: Row['kind'], text: string): Row {
  return { kind, stretches: [stretch(text, false)] };
}

function stretch(text: string, standsOut: boolean): Stretch {
  return { text: printable(text), standsOut };
}

function linesOf(base64: string): string[] {
  const text = Buffer.from(base64, 'base64').toString();
  return text.replace(/\n$/, '').split('\n');
}
