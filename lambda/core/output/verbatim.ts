/**
 * The line as API Gateway wrote it, byte for byte, with the attribution appended. Only the text
 * around an edit is ever built anew: a parsed and written line would lose big integers, `1.10`,
 * escapes, duplicate keys and blanks.
 */

import { type Attribution, isFree } from '../attribution/attribute';
import { fieldNamed } from '../fields';
import { type LogLine, type Member, memberNamed, tokenOf } from '../record/log-line';
import { treatNestedSecrets } from '../values/nested-secrets';
import { type SecretTreatment, treatSecretToken } from '../values/secrets';
import type { Renderer, RenderOptions } from './renderer';
import { unparsedRenderer } from './unparsed';
import { Splicer } from './verbatim-bytes';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function verbatimRenderer(options: RenderOptions): Renderer {
  return {
    line: (line, attribution) => `${verbatimLine(line, attribution, options)}\n`,
    unparsed: unparsedRenderer(options.apiKeyValues),
    shortWay: new Splicer(options),
  };
}

function verbatimLine(line: LogLine, attribution: Attribution, options: RenderOptions): string {
  const targets = [
    { name: options.usagePlanField, value: attribution.usagePlan },
    { name: options.customerNameField, value: attribution.customerName },
    ...(attribution.columns ?? []).map(([name, value]) => ({ name, value })),
  ];
  const edits = editsOfSecrets(line, options.apiKeyValues);
  const appended: string[] = [];
  for (const { name, value } of targets) {
    const member = memberNamed(line, name);
    if (!member) appended.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
    else if (isFree(tokenOf(line, member))) edits.push(replaceValue(member, JSON.stringify(value)));
  }
  return append(apply(line.text, edits), appended);
}

/** The line's text with its secrets treated, and nothing else changed. */
export function textWithoutSecrets(line: LogLine, treatment: SecretTreatment): string {
  return apply(line.text, editsOfSecrets(line, treatment));
}

function editsOfSecrets(line: LogLine, treatment: SecretTreatment): Edit[] {
  if (treatment === 'keep') return [];
  const edits: Edit[] = [];
  let kept: Member | undefined;
  for (const [index, member] of line.members.entries()) {
    const token = tokenOf(line, member);
    if (!fieldNamed(member.name)?.secret) {
      kept = member;
      const treated = treatNestedSecrets(token, treatment);
      if (treated !== token) edits.push(replaceValue(member, treated));
    } else if (treatment === 'remove') edits.push(removeMember(line, index, kept));
    else edits.push(replaceValue(member, treatSecretToken(token, treatment)));
  }
  return edits;
}

function replaceValue(member: Member, text: string): Edit {
  return { start: member.valueStart, end: member.end, text };
}

/** A member goes with the comma before it, or, where none is kept before it, the one behind it. */
function removeMember(line: LogLine, index: number, keptBefore: Member | undefined): Edit {
  const { start, end } = line.members[index] as Member;
  if (keptBefore) return { start: keptBefore.end, end, text: '' };
  return { start, end: line.members[index + 1]?.start ?? end, text: '' };
}

function apply(text: string, edits: Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits.sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

function append(object: string, members: readonly string[]): string {
  if (members.length === 0) return object;
  const body = object.slice(0, -1);
  const isEmpty = /^\{[ \t]*$/.test(body);
  return `${body}${isEmpty ? '' : ','}${members.join(',')}}`;
}
