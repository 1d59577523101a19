/** The general path of the typed outputs: interprets a layout, line by line. */

import type { LogLine } from '../record/log-line';
import {
  columnReader,
  customerNameIndex,
  type LineColumns,
  usagePlanIdIndex,
  usagePlanIndex,
} from './columns';
import { lineWithoutSecrets } from './edits';
import {
  type AttributedTokens,
  derivedToken,
  type Layout,
  type ObjectEnd,
  type ObjectStart,
  type Part,
  type ValueMember,
} from './layout';
import type { Renderer } from './renderer';
import { NULL } from './tokens';

export function typedLine({ config, conversions, parts }: Layout): Renderer['line'] {
  const read = columnReader(config);
  const byAttribution = parts.filter((part) => 'attributed' in part);
  return (logLine, attribution, arrivedAt) => {
    const line = read(logLine, attribution);
    for (const { index, read: convert } of conversions) {
      const text = line.text(index);
      if (text !== undefined) line.replace(index, convert(text));
    }
    const { columns = [] } = attribution;
    const tokens = tokensOf(line);
    // First, since what a line carries of them is no extra value of it.
    const attributed = byAttribution.map((part) => part.attributed(tokens, columns));
    return writeParts<Exclude<Part, ObjectStart | ObjectEnd>>(parts, (part) => {
      if ('key' in part) return textOfValue(part, line, arrivedAt);
      if ('extraKey' in part) return memberOf(part.extraKey, line.extra);
      if ('originalKey' in part) return memberOf(part.originalKey, originalOf(logLine, config));
      return attributed.shift() as string;
    });
  };
}

/** `textOf` returns the text of a member, with a comma after it, or none. Empty objects are left out. */
export function writeParts<Part extends object>(
  parts: readonly (Part | ObjectStart | ObjectEnd)[],
  textOf: (part: Part) => string,
): string {
  let text = '{';
  let separator = '';
  /** The objects that begin here and have nothing in them yet. */
  const opened: string[] = [];
  for (const part of parts) {
    if ('opens' in part) opened.push(part.opens);
    else if ('closes' in part) {
      if (opened.pop() === undefined) text += '}';
    } else {
      const members = textOf(part as Part);
      if (members === '') continue;
      for (const key of opened.splice(0)) {
        text += `${separator}${key}{`;
        separator = '';
      }
      // What is written so far is only added to: to change its end would copy all of it.
      text += separator + members.slice(0, -1);
      separator = ',';
    }
  }
  return `${text}}\n`;
}

export function memberOf(key: string, token: string | undefined): string {
  return token === undefined || token === NULL ? '' : `${key}${token},`;
}

function textOfValue(
  { key, index, writesNull, derive }: ValueMember,
  line: LineColumns,
  arrivedAt: number | undefined,
): string {
  const token = index === undefined ? undefined : line.token(index);
  if (token === NULL && writesNull) return `${key}${NULL},`;
  if (token !== undefined && token !== NULL) return memberOf(key, token);
  return memberOf(key, derive && derivedToken(line, derive(line, arrivedAt)));
}

function originalOf(line: LogLine, { apiKeyValues, names }: Layout['config']): string {
  return JSON.stringify(lineWithoutSecrets(line, apiKeyValues, names).toWellFormed());
}

function tokensOf(line: LineColumns): AttributedTokens {
  return {
    usagePlan: line.tokens[usagePlanIndex] as string,
    usagePlanId: line.tokens[usagePlanIdIndex] as string,
    customerName: line.tokens[customerNameIndex] as string,
    column: (column) => line.fillExtraField(column),
  };
}
