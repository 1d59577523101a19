/** Changes to a line's text that leave every other byte alone, and those that its secrets need. */

import type { Names } from '../names';
import { type LogLine, type Member, tokenOf } from '../record/log-line';
import { readLogLine } from '../record/read-log-line';
import { treatNestedSecrets } from '../values/nested-secrets';
import { type SecretTreatment, treatSecretToken } from '../values/secrets';
import { treatSecretsInText } from '../values/text-secrets';

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A line as it came, read or not, with its secrets treated: what may be shown or delivered of it. */
export function textWithoutSecrets(text: string, treatment: SecretTreatment, names: Names): string {
  const line = readLogLine(text);
  return line
    ? lineWithoutSecrets(line, treatment, names)
    : treatSecretsInText(text, treatment, names);
}

/** The line's text with its secrets treated, and nothing else changed. */
export function lineWithoutSecrets(
  line: LogLine,
  treatment: SecretTreatment,
  names: Names,
): string {
  return apply(line.text, editsOfSecrets(line, treatment, names));
}

export function editsOfSecrets(line: LogLine, treatment: SecretTreatment, names: Names): Edit[] {
  if (treatment === 'keep') return [];
  const edits: Edit[] = [];
  let kept: Member | undefined;
  for (const [index, member] of line.members.entries()) {
    const token = tokenOf(line, member);
    if (!names.isSecret(member.name)) {
      kept = member;
      const treated = treatNestedSecrets(token, member.name, treatment, names);
      if (treated !== token) edits.push(replaceValue(member, treated));
    } else if (treatment === 'remove') edits.push(removeMember(line, index, kept));
    else edits.push(replaceValue(member, treatSecretToken(token, treatment)));
  }
  return edits;
}

export function replaceValue(member: Member, text: string): Edit {
  return { start: member.valueStart, end: member.end, text };
}

/** A member goes with the comma before it, or, where none is kept before it, the one after it. */
function removeMember(line: LogLine, index: number, keptBefore: Member | undefined): Edit {
  const { start, end } = line.members[index] as Member;
  if (keptBefore) return { start: keptBefore.end, end, text: '' };
  return { start, end: line.members[index + 1]?.start ?? end, text: '' };
}

export function apply(text: string, edits: Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits.sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
