/**
 * The line as API Gateway wrote it, byte for byte, with the attribution appended. Only the text
 * around an edit is ever built anew: a parsed and written line would lose big integers, `1.10`,
 * escapes, duplicate keys and blanks.
 */

import { type Attribution, isFree } from '../attribution/attribute';
import { Names } from '../names';
import { type LogLine, memberNamed, tokenOf } from '../record/log-line';
import { apply, editsOfSecrets, replaceValue } from './edits';
import type { Renderer, RenderOptions } from './renderer';
import { unparsedRenderer } from './unparsed';
import { VerbatimBytes } from './verbatim-bytes';

export function verbatimRenderer(options: RenderOptions): Renderer {
  return {
    line: (line, attribution) => `${verbatimLine(line, attribution, options)}\n`,
    unparsed: unparsedRenderer(options),
    fastPath: new VerbatimBytes(options),
  };
}

function verbatimLine(line: LogLine, attribution: Attribution, options: RenderOptions): string {
  const targets = [
    { name: options.usagePlanField, value: attribution.usagePlan },
    { name: options.customerNameField, value: attribution.customerName },
    ...(attribution.columns ?? []).map(([name, value]) => ({ name, value })),
  ];
  const edits = editsOfSecrets(line, options.apiKeyValues, options.names ?? Names.ofTable);
  const appended: string[] = [];
  for (const { name, value } of targets) {
    const member = memberNamed(line, name);
    if (!member) appended.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
    else if (isFree(tokenOf(line, member))) edits.push(replaceValue(member, JSON.stringify(value)));
  }
  return append(apply(line.text, edits), appended);
}

function append(object: string, members: readonly string[]): string {
  if (members.length === 0) return object;
  const body = object.slice(0, -1);
  const isEmpty = /^\{[ \t]*$/.test(body);
  return `${body}${isEmpty ? '' : ','}${members.join(',')}}`;
}
