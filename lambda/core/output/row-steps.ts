/**
 * A layout for the lines of one shape: what can be told of all of them is worked out here, once. There
 * are no steps for members and objects that such lines never have, and what is always the same is text.
 *
 * What derives a token is run on a line that has no value at all. If what it asks for there is nothing
 * that lines of the shape have, it gets the same answers from all of them, hence gives the same token.
 */

import { Memo } from '../bytes/memo';
import type { Attributed, Derived, Extra, Layout, ObjectStart, Original, Value } from './layout';
import { NONE, type ScannedColumns } from './scanned-columns';

/** Kinds of steps. */
export const TEXT = 0;
export const VALUE = 1;
export const EXTRA = 2;
export const ATTRIBUTED = 3;
export const ORIGINAL = 4;

export interface Step {
  readonly kind: number;
  /** A member that is always the same, or what is written before a value. */
  readonly text: string;
  /** The objects that it is a member of, from the outermost one on. */
  readonly around: readonly ObjectStart[];
  /** A value's number, below 0 for none. */
  readonly index: number;
  /** Whether a value that says nothing is written. */
  readonly writesNull: boolean;
  readonly derive: Value['derive'];
  /** What was derived from values that came before; undefined where more than a value decides. */
  readonly derived: Memo<string> | undefined;
  /** The value that is asked for to derive another, once it is known. */
  derivedFrom: number;
}

export function stepsOf({ parts }: Layout, line: ScannedColumns): Step[] {
  const steps: Step[] = [];
  const open: ObjectStart[] = [];
  for (const part of parts) {
    if ('opens' in part) open.push(part);
    else if ('closes' in part) open.pop();
    else {
      const own = 'key' in part ? stepOfValue(part, line) : kindOf(part);
      if (own) steps.push({ ...plainStep, ...own, around: [...open] });
    }
  }
  return steps;
}

const plainStep = {
  text: '',
  index: -1,
  writesNull: false,
  derive: undefined,
  derived: undefined,
  derivedFrom: NONE,
};

type OwnOfStep = Partial<Step> & Pick<Step, 'kind'>;

function kindOf(part: Extra | Original | Attributed): OwnOfStep {
  if ('attributed' in part) return { kind: ATTRIBUTED };
  if ('extraKey' in part) return { kind: EXTRA, text: `${part.extraKey}"{` };
  return { kind: ORIGINAL, text: `${part.originalKey}"` };
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

/** Undefined where lines of the shape never have the value. */
function stepOfValue(
  { key, place, writesNull, derive, varies }: Value,
  line: ScannedColumns,
): OwnOfStep | undefined {
  const index = place === undefined ? -1 : line.valueAt(place);
  line.asked = NONE;
  const token = derive?.(line, undefined);
  const isSettled = line.asked === NONE && !varies;
  if (index < 0 && isSettled) {
    return typeof token === 'string' ? { kind: TEXT, text: `${key}${token}` } : undefined;
  }
  return {
    kind: VALUE,
    index,
    text: key,
    writesNull: writesNull === true,
    derive: !isSettled ? derive : token === undefined ? undefined : () => token,
    derived: isSettled || varies ? undefined : new Memo<string>(),
  };
}
