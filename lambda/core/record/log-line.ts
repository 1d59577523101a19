/**
 * One access-log line that is a JSON object: its text as it came, and where its top-level members
 * stand in it, so that a renderer can change one value and leave every other byte alone.
 */

import { isNoValue } from '../fields';

export interface Member {
  readonly name: string;
  /** Offset of the name's opening quote. */
  readonly start: number;
  readonly valueStart: number;
  /** Offset behind the value's last character. */
  readonly end: number;
}

export interface LogLine {
  /** From the opening to the closing brace, without a line break. */
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

/** Whether a value as it is written says nothing. */
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
 * The members of the object that begins at an offset. Expects valid JSON: it only has to find its way,
 * not to check.
 */
export function membersOf(text: string, objectStart: number): Member[] {
  const members: Member[] = [];
  let at = skipBlanks(text, objectStart + 1);
  while (text[at] === '"') {
    const nameEnd = endOfString(text, at);
    const colon = skipBlanks(text, nameEnd);
    const valueStart = skipBlanks(text, colon + 1);
    const end = endOfValue(text, valueStart);
    members.push({ name: unquote(text.slice(at, nameEnd)), start: at, valueStart, end });
    const comma = skipBlanks(text, end);
    if (text[comma] !== ',') break;
    at = skipBlanks(text, comma + 1);
  }
  return members;
}

export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

/** Offset behind the closing quote of the string that opens at `from`. */
export function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Offset behind the value that begins at `from`, in valid JSON, among an object's members. */
export function endOfValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return endOfString(text, from);
  let at = from;
  if (first !== '{' && first !== '[') {
    while (!' \t,}'.includes(text[at] as string)) at++;
    return at;
  }
  let depth = 0;
  do {
    const char = text[at];
    if (char === '"') {
      at = endOfString(text, at);
      continue;
    }
    if (char === '{' || char === '[') depth++;
    if (char === '}' || char === ']') depth--;
    at++;
  } while (depth > 0);
  return at;
}
