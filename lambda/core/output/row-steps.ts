/**
 * A layout for the lines of one shape: what can be told of all of them is worked out here, once. There
 * are no steps for members and objects that such lines never have, and what is always the same is text.
 *
 * What derives a token is run on a line that has no value at all. If what it asks for there is nothing
 * that lines of the shape have, it gets the same answers from all of them, hence gives the same token.
 */

import { Memo } from '../bytes/memo';
import type { Derived, Layout, Value } from './layout';
import { NONE, type ScannedColumns } from './scanned-columns';
import { NULL } from './tokens';

/** Kinds of steps. */
export const TEXT = 0;
export const VALUE = 1;
export const EXTRA = 2;
export const ATTRIBUTED = 3;
export const OPENS = 4;
export const CLOSES = 5;
export const ORIGINAL = 6;

export interface Step {
  readonly kind: number;
  /** What is written, or what is written before a value. */
  readonly text: string;
  /** A value's number, below 0 for none. */
  readonly index: number;
  /** What is written in place of a value that says nothing. */
  readonly emptyText: string | undefined;
  readonly derive: Value['derive'];
  /** What was derived from values that came before; undefined where more than a value decides. */
  readonly derived: Memo<string> | undefined;
  /** The value that is asked for to derive another, once it is known. */
  derivedFrom: number;
  /** Where in the text objects begin. */
  readonly offsets: readonly number[];
  /** How many objects end. */
  readonly count: number;
}

/** A step whose text may still grow. */
type Draft = Omit<Step, 'text' | 'offsets' | 'count'> & {
  text: string;
  offsets: number[];
  count: number;
};

export function stepsOf({ parts }: Layout, line: ScannedColumns): Step[] {
  const drafts = new Drafts();
  for (const part of parts) {
    if ('opens' in part) drafts.open(part.opens);
    else if ('closes' in part) drafts.close();
    else if ('attributed' in part) drafts.add({ kind: ATTRIBUTED });
    else if ('extraKey' in part) drafts.add({ kind: EXTRA, text: `${part.extraKey}"{` });
    else if ('originalKey' in part) drafts.add({ kind: ORIGINAL, text: `${part.originalKey}"` });
    else addValue(part, line, drafts);
  }
  return drafts.all;
}

/**
 * What a step's value is in the line that was read last, where no column has it.
 *
 * The value that is asked for first is the same in all lines of a shape, since what a line answers
 * decides what is asked next. Where nothing else is asked for, its bytes decide what is derived.
 */
export function derivedOf(
  step: Step,
  line: ScannedColumns,
  arrivedAt: number | undefined,
): Derived {
  const { derive, derived, derivedFrom } = step;
  if (!derive || !derived) return derive?.(line, arrivedAt);
  const { shape } = line;
  if (derivedFrom >= 0) {
    const known = derived.find(shape.startOf(derivedFrom), shape.endOf(derivedFrom));
    if (known) return known.result;
  }
  line.asked = NONE;
  const token = derive(line, arrivedAt);
  const { asked: value } = line;
  if (value >= 0 && typeof token !== 'object') {
    step.derivedFrom = value;
    derived.add(shape.startOf(value), shape.endOf(value), token);
  }
  return token;
}

function addValue(part: Value, line: ScannedColumns, drafts: Drafts): void {
  const { key, place, writesNull, derive, varies } = part;
  const index = place === undefined ? -1 : line.valueAt(place);
  line.asked = NONE;
  const token = derive?.(line, undefined);
  const isSettled = line.asked === NONE && !varies;
  if (index < 0 && isSettled) {
    if (typeof token === 'string') drafts.write(`${key}${token},`);
    return;
  }
  drafts.add({
    kind: VALUE,
    index,
    text: key,
    emptyText: writesNull && `${key}${NULL},`,
    derive: !isSettled ? derive : token === undefined ? undefined : () => token,
    derived: isSettled || varies ? undefined : new Memo<string>(),
  });
}

class Drafts {
  readonly all: Draft[] = [];

  add(draft: Partial<Draft> & Pick<Draft, 'kind'>): void {
    this.all.push({
      text: '',
      index: -1,
      emptyText: undefined,
      derive: undefined,
      derived: undefined,
      derivedFrom: NONE,
      offsets: [],
      count: 0,
      ...draft,
    });
  }

  write(text: string): void {
    const last = this.all.at(-1);
    if (last?.kind === TEXT || last?.kind === OPENS) last.text += text;
    else this.add({ kind: TEXT, text });
  }

  open(key: string): void {
    const last = this.all.at(-1);
    if (last?.kind !== OPENS || !last.text.endsWith('{')) {
      this.add({ kind: OPENS, text: `${key}{`, offsets: [0] });
    } else {
      last.offsets.push(last.text.length);
      last.text += `${key}{`;
    }
  }

  /** An object of which all is known is a text like any other; an empty one is none. */
  close(): void {
    const last = this.all.at(-1);
    if (last?.kind === CLOSES) last.count++;
    else if (last?.kind !== OPENS) this.add({ kind: CLOSES, count: 1 });
    else {
      const offset = last.offsets.pop() as number;
      const object = last.text.slice(offset);
      last.text = last.text.slice(0, offset);
      if (offset === 0) this.all.pop();
      if (!object.endsWith('{')) this.write(`${object.slice(0, -1)}},`);
    }
  }
}
