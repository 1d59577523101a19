/** Reads one access-log line as a JSON object, whatever is in it. */

import { skipBlanks } from './json-text';
import { type LogLine, readMembers } from './log-line';

/** Reads a strictly valid JSON object; anything else is undefined. */
export function readLogLine(json: string): LogLine | undefined {
  const object = readMembers(json, 0);
  if (!object || skipBlanks(json, object.end) < json.length) return undefined;
  const text = json.slice(0, object.end);
  // In valid JSON a raw line break can only stand between tokens.
  const joined = text.replace(lineBreaks, ' ');
  return joined === text ? { text, members: object.members } : readLogLine(joined);
}

const lineBreaks = /[\r\n]+/g;
