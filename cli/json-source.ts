/** Reads JSON that a user hands over, and reports in one line what is wrong with it and where. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { withoutByteOrderMark } from './byte-order-mark';
import { UsageError } from './usage-error';

/** `-` is standard input. */
export const STANDARD_INPUT = '-';

export async function readJson(source: string): Promise<unknown> {
  const json = await readText(source);
  try {
    return JSON.parse(json);
  } catch {
    throw new UsageError(`${nameOf(source)} is not JSON: ${describeFault(json)}`);
  }
}

/** What to call a source in a message. */
export function nameOf(source: string): string {
  return source === STANDARD_INPUT ? 'standard input' : source;
}

export async function readText(source: string): Promise<string> {
  return textBytes(await readBytes(source), source).toString();
}

/** A source's bytes without a byte order mark; rejects UTF-16. */
export function textBytes(bytes: Buffer, source: string): Buffer {
  try {
    return withoutByteOrderMark(bytes);
  } catch (error) {
    throw new UsageError(`${nameOf(source)} ${(error as Error).message}`);
  }
}

export async function readBytes(source: string): Promise<Buffer> {
  if (source === STANDARD_INPUT) return buffer(process.stdin);
  if (source === '')
    throw new UsageError('got an empty file name, expected a file, or - for standard input');
  try {
    return await readFile(located(source));
  } catch (error) {
    throw new UsageError(`cannot read ${source}: ${systemMessage(error as Error)}`);
  }
}

/** `npm run` works in the project's folder, wherever below it the command was typed. */
function located(source: string): string {
  const typedIn = process.env['INIT_CWD'];
  if (!typedIn || existsSync(source)) return source;
  const there = resolve(typedIn, source);
  return existsSync(there) ? there : source;
}

/** `ENOENT: no such file or directory, open 'x'` has three parts, of which one is new. */
function systemMessage({ message }: Error): string {
  return /^\w+: (.+?)(?:,|$)/.exec(message)?.[1] ?? message;
}

function describeFault(json: string): string {
  if (json.trim() === '') return 'it is empty';
  const at = faultOffset(json);
  if (at === json.length) return 'it ends too early';
  const before = json.slice(0, at).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return `unexpected ${JSON.stringify(json[at])} at line ${before.length}, column ${column}`;
}

/**
 * The length of the longest beginning that could still become JSON. Not every Node.js has the
 * position of a fault, and where it does not, its message quotes the content instead.
 */
function faultOffset(json: string): number {
  let good = 0;
  let bad = json.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (canBecomeJson(json.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function canBecomeJson(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const { message } = error as Error;
    if (/end of JSON input|Unterminated string/.test(message)) return true;
    const position = /at position (\d+)/.exec(message)?.[1];
    return position !== undefined && Number(position) >= beginning.length;
  }
}
