/**
 * The records in whatever holds them: a trail's file, an organisation's, an event of EventBridge, the
 * output of `aws cloudtrail lookup-events`, events of CloudWatch Logs, a row of a table with its names in
 * lower case, one such value a line, or a list of them.
 */

import { parsedJson } from '../../lambda/core/json';
import { lettersOf } from '../../lambda/core/spelling';

/** A record with its names as letters in lower case: `eventName`, `event_name` and `eventname` are one. */
export type EventRecord = Readonly<Record<string, unknown>>;

/** Deeper, nothing is wrapped. */
const MAX_WRAPPINGS = 8;

/** What was no record, beside those that were. */
export interface FoundRecords {
  readonly records: readonly EventRecord[];
  /** Values where a record was expected and none was. */
  readonly strangers: number;
}

/** The records in a file's text. */
export function recordsIn(text: string): FoundRecords {
  const content = text.replace(/^\ufeff/, '');
  if (content.trim() === '') return { records: [], strangers: 0 };
  const whole = parsedJson(content);
  return recordsOf(whole === undefined ? linesOf(content) : [whole]);
}

/** The records in values, whatever they are wrapped in. */
export function recordsOf(values: Iterable<unknown>): FoundRecords {
  const records: EventRecord[] = [];
  let strangers = 0;
  for (const value of values) {
    for (const found of unwrapped(value)) {
      if (found) records.push(found);
      else strangers++;
    }
  }
  return { records, strangers };
}

/** Members by the letters of their names. */
export function byLetters(value: unknown): EventRecord {
  if (typeof value === 'string') return byLetters(parsedJson(value) ?? null);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const members: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(value)) members[lettersOf(name)] ??= member;
  return members;
}

function* linesOf(content: string): Generator<unknown> {
  for (const line of content.split('\n')) if (line.trim() !== '') yield parsedJson(line);
}

/** Undefined for each value that is none. */
function* unwrapped(value: unknown, depth = 0): Generator<EventRecord | undefined> {
  if (depth > MAX_WRAPPINGS) {
    yield undefined;
    return;
  }
  if (typeof value === 'string') {
    const inside = parsedJson(value);
    if (typeof inside === 'object' && inside !== null) yield* unwrapped(inside, depth + 1);
    else yield undefined;
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) yield* unwrapped(item, depth + 1);
    return;
  }
  if (typeof value !== 'object' || value === null) {
    yield undefined;
    return;
  }
  const members = byLetters(value);
  const inside = wrappings.map((name) => members[name]).find((item) => item !== undefined);
  if (inside !== undefined) yield* unwrapped(inside, depth + 1);
  else yield typeof members['eventname'] === 'string' ? members : undefined;
}

/** Trails, EventBridge, lookup-events (around its records, and in each of them), CloudWatch Logs. */
const wrappings = ['records', 'detail', 'cloudtrailevent', 'events', 'logevents', 'message'];
