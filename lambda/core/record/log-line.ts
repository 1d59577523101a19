/**
 * One access-log line that is a JSON object: its text as it came, and where its top-level members
 * stand in it, so that a renderer can change one value and leave every other byte alone.
 */

import { isNoValue } from '../fields';
import { endOfString, endOfValue, skipBlanks, startOfMemberValue } from './json-text';

export interface Member {
  readonly name: string;
  /** Offset of the name's opening quote. */
  readonly start: number;
  readonly valueStart: number;
  /** Offset after the value's last character. */
  readonly end: number;
}

export interface LogLine {
  /** The text from the opening to the closing brace, without a line break. */
  readonly text: string;
  /** In the order of the text; a name that is written twice stands here twice. */
  readonly members: readonly Member[];
}

/**
 * The text of a member's value: a string's content, any other scalar as it is written, undefined for
 * `null`, objects and arrays.
 */
export function memberText(line: LogLine, member: Member): string | undefined {
  return tokenText(tokenOf(line, member));
}

/** A member's value as it is written. */
export function tokenOf(line: LogLine, member: Member): string {
  return line.text.slice(member.valueStart, member.end);
}

/** `memberText` of a value as it is written. */
export function tokenText(token: string): string | undefined {
  if (token.startsWith('"')) return unquote(token);
  if (token === 'null' || token.startsWith('{') || token.startsWith('[')) return undefined;
  return token;
}

/** Whether a value as it is written is empty or `-`. */
export function isNoValueToken(token: string): boolean {
  if (token === 'null' || token === '"-"' || token === '""') return true;
  // Written with an escape, as an encoder that escapes all punctuation would.
  return token.startsWith('"\\u') && isNoValue(unquote(token));
}

/** The member that a name stands for. Of a name written twice the last counts, as in JSON.parse. */
export function memberNamed(line: LogLine, name: string): Member | undefined {
  return line.members.findLast((member) => member.name === name);
}

function unquote(token: string): string {
  return token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
}

/**
 * The members of the object that begins at an offset, and the offset after it; undefined for what is no
 * valid JSON.
 */
export function readMembers(
  text: string,
  from: number,
): { readonly members: Member[]; readonly end: number } | undefined {
  const members: Member[] = [];
  if (text[from] !== '{') return undefined;
  let start = skipBlanks(text, from + 1);
  if (text[start] === '}') return { members, end: start + 1 };
  for (;;) {
    const nameEnd = endOfString(text, start);
    const valueStart = startOfMemberValue(text, nameEnd);
    if (valueStart < 0) return undefined;
    const end = endOfValue(text, valueStart);
    if (end < 0) return undefined;
    members.push({ name: unquote(text.slice(start, nameEnd)), start, valueStart, end });
    const next = skipBlanks(text, end);
    if (text[next] === '}') return { members, end: next + 1 };
    if (text[next] !== ',') return undefined;
    start = skipBlanks(text, next + 1);
  }
}
