/** Reads one access-log line as a JSON object, whatever is in it. */

import { isJsonObject, parsedJson } from '../json';
import { type LogLine, membersOf } from './log-line';

/** Reads a strictly valid JSON object; anything else is undefined. */
export function readLogLine(json: string): LogLine | undefined {
  // Throwing costs JSON.parse some microseconds: what cannot be an object need not come there.
  if (!json.startsWith('{') || !json.trimEnd().endsWith('}') || !isJsonObject(parsedJson(json)))
    return undefined;
  // In valid JSON a raw line break can only stand between tokens.
  const text = json.trimEnd().replace(/[\r\n]+/g, ' ');
  return { text, members: membersOf(text, 0) };
}
