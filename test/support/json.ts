import { tokenOf } from '../../lambda/core/record/log-line';
import { readLogLine } from '../../lambda/core/record/read-log-line';

/** The names that an object, or one within it, has twice: what JSON.parse hides and Hive refuses. */
export function namesGivenTwice(json: string): string[] {
  const line = readLogLine(json);
  if (!line) return [];
  const names = line.members.map(({ name }) => name.toLowerCase());
  return [
    ...names.filter((name, index) => names.indexOf(name) < index),
    ...line.members.flatMap((member) => namesGivenTwice(tokenOf(line, member))),
  ];
}
