/**
 * A layout for the lines of one shape: what is the same for all of them is worked out here, once. There
 * are no steps for members and objects that such lines never have, and what is always the same is text.
 *
 * What derives a token is run on a line that has no value at all. If what it asks for there is nothing
 * that lines of the shape have, it gets the same answers from all of them, hence returns the same token.
 */

import type { Attributed, Extra, Layout, ObjectStart, Original, ValueMember } from './layout';
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
  /** Whether an empty value, or `-`, is written as null. */
  readonly writesNull: boolean;
  readonly derive: ValueMember['derive'];
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
};

type OwnOfStep = Partial<Step> & Pick<Step, 'kind'>;

function kindOf(part: Extra | Original | Attributed): OwnOfStep {
  if ('attributed' in part) return { kind: ATTRIBUTED };
  if ('extraKey' in part) return { kind: EXTRA, text: `${part.extraKey}"{` };
  return { kind: ORIGINAL, text: `${part.originalKey}"` };
}

/** Undefined where lines of the shape never have the value. */
function stepOfValue(
  { key, index: column, writesNull, derive, varies }: ValueMember,
  line: ScannedColumns,
): OwnOfStep | undefined {
  const index = column === undefined ? -1 : line.valueAt(column);
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
  };
}
