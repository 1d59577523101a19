/** Reads one access-log line as a JSON object, whatever is in it. */

import { skipBlanks } from './json-text';
import { type LogLine, readMembers } from './log-line';

/** Reads a strictly valid JSON object; anything else is undefined. */
export function readLogLine(json: string): LogLine | undefined {
  const object = readMembers(json, 0);
  if (!object || skipBlanks(json, object.end) < json.length) return undefined;
  const text = json.slice(0, object.end);
  if (!lineBreaks.test(text)) return { text, members: object.members };
  // In valid JSON a raw line break can only stand between tokens.
  return readLogLine(text.replace(allLineBreaks, ' '));
}

const lineBreaks = /[\r\n]/;
const allLineBreaks = /[\r\n]+/g;
