/** What a person sees of one record: each line that went in, and below it what came out. */

import type {
  FirehoseTransformationEventRecord,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import { isNoValue } from '../../lambda/core/fields';
import type { Names } from '../../lambda/core/names';
import { textWithoutSecrets } from '../../lambda/core/output/edits';
import { type LogLine, type Member, memberText } from '../../lambda/core/record/log-line';
import { readLogLine } from '../../lambda/core/record/read-log-line';
import {
  type LineReader,
  openRecord,
  type UnreadableReason,
  visitEntries,
} from '../../lambda/core/record/record';
import type { Settings } from '../../lambda/core/settings/settings';
import { fieldSpelled } from '../../lambda/core/spelling';
import { treatSecretsInText } from '../../lambda/core/values/text-secrets';
import { type Emphasis, printable, type Span } from '../terminal/printable';
import { deliveredLine } from './delivered-line';

export interface Row {
  readonly kind: 'in' | 'out' | 'who' | 'fate';
  /** What decides of the attribution is emphasized where it goes in, the attribution where it comes out. */
  readonly spans: readonly Span[];
}

const fates = {
  nothing: 'Dropped: nothing to deliver',
  reingest: 'Dropped: back into the stream, it did not fit into this response',
  failed: 'ProcessingFailed: kept untouched under errors/',
};

/** The variables that show whose request it was, and against which plan. */
const deciding = new Set(['apiId', 'stage', 'identity.apiKeyId']);

export interface RowOptions {
  readonly settings: Settings;
  readonly readOther: LineReader;
  readonly names: Names;
}

export function rowsOf(
  { data }: FirehoseTransformationEventRecord,
  { result, data: delivered = '', metadata }: FirehoseTransformationResultRecord,
  { settings, readOther, names }: RowOptions,
): Row[] {
  const ins = rowsIn(data, { settings, readOther, names });
  if (result === 'ProcessingFailed') return [...ins, rowOfFate(fates.failed)];
  if (result === 'Dropped') {
    return [...ins, rowOfFate(ins.length === 0 ? fates.nothing : fates.reingest)];
  }
  const folder = Object.values(metadata?.partitionKeys ?? {}).map(
    (value) => `${settings.partitionBy}=${value}/`,
  );
  const outs = shownLines(delivered, { settings, names }).map((line) => [
    rowOut(line, settings),
    // A document has them deep inside, a folder has them outside.
    ...(settings.output === 'ecs' || folder.length > 0 ? [rowOfWho(line, settings, folder)] : []),
  ]);
  if (ins.length !== outs.length) return [...ins, ...outs.flat()];
  return ins.flatMap((row, index) => [row, ...(outs[index] as Row[])]);
}

function rowOfWho(text: string, settings: Settings, folder: readonly string[]): Row {
  const { usagePlan, customer } = deliveredLine(text, settings);
  const isKnown = !isNoValue(usagePlan) || !isNoValue(customer);
  const who = printable(`${usagePlan} · ${customer}`);
  return {
    kind: 'who',
    spans: [
      { text: who, emphasis: isKnown ? 'good' : 'doubtful' },
      { text: folder.length > 0 ? `  in ${printable(folder.join(''))}` : '' },
    ],
  };
}

function rowsIn(base64: unknown, { settings, readOther, names }: RowOptions): Row[] {
  // Whatever made the event may have left it out.
  if (typeof base64 !== 'string') return [];
  const content = openRecord(base64, settings.maxInflatedBytes);
  if (typeof content === 'string') return [rowOfUnopened(base64, content)];
  const rows: Row[] = [];
  visitEntries(content, readOther, ({ text }) => rows.push(rowIn(text, names)) > 0);
  return rows;
}

/** The lines of such a record are not known, nor the secrets among its characters: none is shown. */
function rowOfUnopened(base64: string, reason: UnreadableReason): Row {
  const size = base64.length.toLocaleString('en');
  return { kind: 'in', spans: [{ text: `${unopened[reason]}: ${size} characters of data` }] };
}

const unopened: Record<UnreadableReason, string> = {
  noBase64: 'no base64',
  brokenGzip: 'gzip that is broken, or grows past MAX_INFLATED_BYTES',
  brokenEnvelope: 'a CloudWatch Logs message that is broken, or stands among other lines',
  noReadableLine: 'no readable line',
};

/** The lines of delivered data as they may be shown. */
export function shownLines(
  base64: string,
  { settings, names }: Pick<RowOptions, 'settings' | 'names'>,
): string[] {
  const lines = linesOut(base64);
  return settings.apiKeyValues === 'keep' ? lines.map((line) => masked(line, names)) : lines;
}

/** The lines of delivered data. */
export function linesOut(base64: string): string[] {
  return Buffer.from(base64, 'base64').toString().replace(/\n$/, '').split('\n');
}

function rowOfFate(text: string): Row {
  return { kind: 'fate', spans: [{ text }] };
}

function rowIn(text: string, names: Names): Row {
  // A terminal, its scrollback and a build log are no places for a key's value.
  const spans = spansOf(textWithoutSecrets(text, 'mask', names), (_, { name }) =>
    deciding.has(fieldSpelled(name)?.variable ?? '') ? 'strong' : undefined,
  );
  return { kind: 'in', spans };
}

function rowOut(text: string, settings: Settings): Row {
  const added = [settings.usagePlanField, settings.customerNameField];
  const spans = spansOf(text, (line, member) => {
    if (member.name === 'unparsed_line') return 'doubtful';
    if (!added.includes(member.name)) return undefined;
    return isNoValue(memberText(line, member)) ? 'doubtful' : 'good';
  });
  return { kind: 'out', spans };
}

/** Delivered by setting, but not shown: also those in a text within the line, and in bytes. */
function masked(text: string, names: Names): string {
  return treatSecretsInText(textWithoutSecrets(text, 'mask', names), 'mask', names).replace(
    /(_base64":")([\w+/]+)(?==*")/g,
    (whole, before: string, bytes: string) => {
      const decoded = Buffer.from(bytes, 'base64').toString('latin1');
      return treatSecretsInText(decoded, 'mask', names) === decoded ? whole : `${before}****`;
    },
  );
}

function spansOf(
  text: string,
  emphasisOf: (line: LogLine, member: Member) => Emphasis | undefined,
): Span[] {
  const line = readLogLine(text);
  const spans: Span[] = [];
  let at = 0;
  for (const member of line?.members ?? []) {
    const emphasis = emphasisOf(line as LogLine, member);
    if (!emphasis) continue;
    spans.push(
      { text: printable(text.slice(at, member.start)) },
      { text: printable(text.slice(member.start, member.end)), emphasis },
    );
    at = member.end;
  }
  spans.push({ text: printable(text.slice(at)) });
  return spans;
}
