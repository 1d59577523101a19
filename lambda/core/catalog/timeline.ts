/**
 * When one fact was so, such as that a plan has a key: made of marks, which are what readings of the
 * account showed and what its events reported. Marks are a set: in which order they became known does not
 * matter, and knowing one twice is knowing it once.
 *
 * Between two marks that agree the fact is certain. Between two that do not, it changed at a moment
 * that was not observed.
 */

/**
 * `seen` and `lacked`: a reading that began at the first time and ended by the second showed the fact,
 * or did not. `added` and `removed`: an event has the moment. `ended`: an event has the moment at
 * which what the fact is about was deleted, its key or its plan. Milliseconds since 1970.
 */
export type Mark =
  | readonly [kind: 'seen' | 'lacked', at: number, by: number]
  | readonly [kind: 'added' | 'removed' | 'ended', at: number];

export type MarkKind = Mark[0];

/**
 * The higher of two is the likelier to be the one that counted. `presumed`: it was so, and what it is about
 * was deleted; an end before would have been reported.
 */
export const State = { no: 0, perhapsStill: 1, presumed: 2, perhapsAlready: 3, held: 4 } as const;

export type State = (typeof State)[keyof typeof State];

/** A state holds from its time to the next one's. The first is from ever, the last until now. */
export interface Timeline {
  readonly from: readonly number[];
  readonly states: readonly State[];
}

export const always: Timeline = { from: [Number.NEGATIVE_INFINITY], states: [State.held] };

/** Events are dated to the second, and by another clock than readings. */
export const CLOCK_MARGIN_MS = 2000;

interface Point {
  readonly at: number;
  readonly by: number;
  /** Whether the fact held just before; undefined: as it was. */
  readonly before: boolean | undefined;
  readonly after: boolean;
}

const before: Readonly<Record<MarkKind, boolean | undefined>> = {
  seen: true,
  lacked: false,
  added: false,
  removed: true,
  ended: undefined,
};
const after: Readonly<Record<MarkKind, boolean>> = {
  seen: true,
  lacked: false,
  added: true,
  removed: false,
  ended: false,
};

/** The marks in the order of their times, each once. */
export function ordered(marks: readonly Mark[]): readonly Mark[] {
  const sorted = [...marks].sort(
    ([a, aAt, aBy = 0], [b, bAt, bBy = 0]) => aAt - bAt || (a < b ? -1 : a > b ? 1 : aBy - bBy),
  );
  return sorted.filter((mark, index) => index === 0 || !isSame(mark, sorted[index - 1] as Mark));
}

/** Expects marks in order; without any the fact has always held. */
export function timelineOf(marks: readonly Mark[]): Timeline {
  if (marks.length === 0) return always;
  const points = inSequence(pointsOf(marks));
  const from = [Number.NEGATIVE_INFINITY];
  const states: State[] = [firstState(points[0] as Point)];
  const go = (at: number, state: State) => {
    if (states.at(-1) === state) return;
    // What began no earlier than its successor was for no time at all.
    while (from.length > 1 && (from.at(-1) as number) >= at) {
      from.pop();
      states.pop();
    }
    if (states.at(-1) === state) return;
    from.push(at);
    states.push(state);
  };
  for (const [index, point] of points.entries()) {
    const next = points[index + 1];
    const agreed = !next || (next.before ?? point.after) === point.after;
    if (agreed) {
      const heldState = next && next.before === undefined ? State.presumed : State.held;
      go(point.by, point.after ? heldState : State.no);
    } else {
      go(point.at, point.after ? State.perhapsStill : State.perhapsAlready);
    }
  }
  return { from, states };
}

function firstState({ before: was }: Point): State {
  if (was === undefined) return State.presumed;
  return was ? State.held : State.no;
}

/** Whether the fact holds now. */
export function holdsNow({ states }: Timeline): boolean {
  return states.at(-1) === State.held;
}

/** Where in a timeline a time is. */
export function indexAt({ from }: Timeline, time: number): number {
  let low = 0;
  let high = from.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((from[middle] as number) <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function stateAt(timeline: Timeline, time: number): State {
  return timeline.states[indexAt(timeline, time)] as State;
}

/**
 * When both of two facts hold. Where one perhaps no longer holds, and the other has only begun since it was
 * last seen, or perhaps has: then it is not known that they overlapped, and they do not.
 */
export function both(a: Timeline, b: Timeline): Timeline {
  if (a === always) return b;
  if (b === always) return a;
  const from: number[] = [];
  const states: State[] = [];
  for (let i = 0, j = 0; i < a.from.length || j < b.from.length; ) {
    const at = Math.min(a.from[i] ?? Infinity, b.from[j] ?? Infinity);
    if (a.from[i] === at) i++;
    if (b.from[j] === at) j++;
    const [ofA, ofB] = [a.states[i - 1] as State, b.states[j - 1] as State];
    // One sweep reads both within moments.
    const isLongUnseen = (of: State, since = 0) =>
      of === State.perhapsStill && at - since > CLOCK_MARGIN_MS;
    const isLate = isLongUnseen(ofA, a.from[i - 1]) || isLongUnseen(ofB, b.from[j - 1]);
    const state = isLate && states.at(-1) === State.no ? State.no : bothIn(ofA, ofB);
    if (states.at(-1) === state) continue;
    from.push(at);
    states.push(state);
  }
  return { from, states };
}

function bothIn(a: State, b: State): State {
  const [less, more] = a < b ? [a, b] : [b, a];
  return less === State.perhapsStill && more === State.perhapsAlready ? State.no : less;
}

function isSame(a: Mark, b: Mark): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}

function isReading([kind]: Mark): boolean {
  return kind === 'seen' || kind === 'lacked';
}

/**
 * Without the readings that were made at about the time of an event: they may be of before or of
 * after it, and the event is more exact.
 */
function pointsOf(marks: readonly Mark[]): Point[] {
  const told = marks.filter((mark) => !isReading(mark)).map(([, at]) => at);
  const points: Point[] = [];
  let next = 0;
  for (const mark of marks) {
    const [kind, at, by = at] = mark;
    if (isReading(mark)) {
      while (next < told.length && (told[next] as number) < at - CLOCK_MARGIN_MS) next++;
      if ((told[next] ?? Infinity) <= by + CLOCK_MARGIN_MS) continue;
    }
    points.push({ at, by, before: before[kind], after: after[kind] });
  }
  return points;
}

/** Events of the same second come in the order in which they can have happened. */
function inSequence(points: readonly Point[]): Point[] {
  const sequence: Point[] = [];
  for (let start = 0; start < points.length; ) {
    const at = (points[start] as Point).at;
    let end = start + 1;
    while (points[end]?.at === at) end++;
    const group = points.slice(start, end);
    let state =
      sequence.at(-1)?.after ?? (group.length > 1 ? stateBefore(group, points[end]) : true);
    while (group.length > 0) {
      const following = group.findIndex((point) => point.before === state);
      const possible = group.findIndex((point) => point.before === undefined);
      const next = following >= 0 ? following : Math.max(0, possible);
      const [point] = group.splice(next, 1) as [Point];
      sequence.push(point);
      state = point.after;
    }
    start = end;
  }
  return sequence;
}

/** The state before a first group, which has no group before it. */
function stateBefore(group: readonly Point[], next: Point | undefined): boolean {
  const came = group.filter(({ before: was, after: is }) => was === false && is).length;
  const went = group.filter(({ before: was, after: is }) => was === true && !is).length;
  return came === went ? (next?.before ?? true) : went > came;
}
