/**
 * The values of a line: its members, and in their place the members of those objects that hold values of
 * fields, wherever a format has put them.
 */

import type { Field } from '../fields';
import type { Meaning, NamedMember, Names } from '../names';
import { type LogLine, type Member, memberText, readMembers, tokenOf } from './log-line';

export interface LineValue extends Member {
  /** The member's name after those of the objects that it is in, joined by dots. */
  readonly name: string;
  readonly field: Field | undefined;
  /** Whether all that stands there is an API key's value. */
  readonly isSecret: boolean;
  /** Whether it is in an object. */
  readonly isNested: boolean;
}

/** Attribution, folder and output ask for the same line's, one after the other. */
let last: { line: LogLine; names: Names; values: readonly LineValue[] } | undefined;

export function valuesOf(line: LogLine, names: Names): readonly LineValue[] {
  if (last?.line === line && last.names === names) return last.values;
  const members = membersWithin(line, names);
  const meanings = names.meaningsOf(members);
  const values: LineValue[] = [];
  for (const [index, { name, start, valueStart, end, parent }] of members.entries()) {
    const { role, field, isSecret } = meanings[index] as Meaning;
    const isNested = parent >= 0;
    if (role === 'value') values.push({ name, start, valueStart, end, field, isSecret, isNested });
  }
  last = { line, names, values };
  return values;
}

/**
 * The text of the only value that there is; undefined for none, for one that is no text, and for
 * values that contradict each other: what an unescaped quote in a path or a user agent adds must not
 * make a request another customer's.
 */
export function agreedText(line: LogLine, values: readonly LineValue[]): string | undefined {
  const [first] = values;
  return first && agree(line, values) ? memberText(line, first) : undefined;
}

/** Whether values of one field are equal. */
export function agree(line: LogLine, [first, ...others]: readonly LineValue[]): boolean {
  if (!first || others.length === 0) return true;
  const said = textOrToken(line, first);
  return others.every((other) => textOrToken(line, other) === said);
}

function textOrToken(line: LogLine, value: LineValue): string {
  return memberText(line, value) ?? tokenOf(line, value);
}

type MemberWithin = Member & NamedMember;

/** Those of the line, each followed by those within it, as far as they can stand for anything. */
function membersWithin({ text, members }: LogLine, names: Names): readonly MemberWithin[] {
  const found: MemberWithin[] = [];
  const add = (all: readonly Member[], path: string, parent: number) => {
    for (const { name: key, start, valueStart, end } of all) {
      const name = path + key;
      const index = found.push({ name, parent, start, valueStart, end }) - 1;
      if (text[valueStart] === '{' && names.mayHoldFields(name)) {
        add(readMembers(text, valueStart)?.members ?? [], `${name}.`, index);
      }
    }
  };
  add(members, '', -1);
  return found;
}
