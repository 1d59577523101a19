/**
 * Writes lines of one shape, in the order of a layout, from bytes to bytes. What can be told of all
 * lines of the shape is worked out once: which members and objects there will never be, and what is
 * derived from nothing that such a line has.
 *
 * A function that gives a token is run on a line that has no value at all. If what it asks for there
 * is nothing that lines of the shape have, it gets the same answers from all of them, hence gives the
 * same token.
 *
 * Behind each member goes a comma, which a closing brace then replaces.
 */

import type { Attribution } from '../enrich';
import type { Derived, Layout, Part, Value } from '../render/layout';
import { NULL } from '../render/tokens';
import { Readings } from './readings';
import { asked, type ScannedColumns, state } from './scanned-columns';
import { scratch } from './scratch';

const [COMMA, OPEN, CLOSE, LF] = [0x2c, 0x7b, 0x7d, 0x0a];

/** Of all calls; what does not fit is no usual line. */
export const out = Buffer.allocUnsafeSlow(256 * 1024);

const outWords = viewOf(out);
const scratchWords = viewOf(scratch);
const MAX_COPIED_TO = out.length - 4;
/** From here on a native call is faster. */
const LONG_COPY = 64;

type Derive = NonNullable<Value['derive']>;

const kind = { text: 0, value: 1, attributed: 2, opens: 3, closes: 4 } as const;

interface Step {
  readonly kind: (typeof kind)[keyof typeof kind];
  /** What is written first, if anything is. */
  readonly text: Buffer;
  /** A value's number, below 0 for none; or which of the attribution's texts it is. */
  readonly index: number;
  /** What is written in place of a column that the line has, but without a value. */
  readonly emptyText: Uint8Array | undefined;
  readonly derive: Derive | undefined;
  /** What was derived from the only value that is asked for, if it is the only one. */
  readonly derived: Readings<string> | undefined;
  derivedFrom: number;
}

/** The texts that an attribution decides of, in the order of the layout. */
export function attributedTexts({ parts }: Layout, attribution: Attribution): Uint8Array[] {
  return parts.flatMap((part) =>
    'attributed' in part ? [Buffer.from(part.attributed(attribution))] : [],
  );
}

export class RowWriter {
  readonly #line: ScannedColumns;
  readonly #steps: readonly Step[];

  constructor(line: ScannedColumns, { parts }: Layout) {
    this.#line = line;
    this.#steps = new Steps(line, parts).steps;
  }

  /** Writes the line that was read last to `out`; gives its length, undefined where it is too long. */
  write(texts: readonly Uint8Array[], arrivedAt: number | undefined): number | undefined {
    const starts: number[] = [];
    out[0] = OPEN;
    let at = 1;
    for (const step of this.#steps) {
      switch (step.kind) {
        case kind.text:
          at = writeBytes(step.text, at);
          break;
        case kind.value:
          at = this.#writeValue(step, arrivedAt, at);
          break;
        case kind.attributed:
          at = writeBytes(texts[step.index] as Uint8Array, at);
          break;
        case kind.opens:
          starts.push(at);
          at = writeBytes(step.text, at);
          break;
        default: {
          const start = starts.pop() as number;
          if (out[at - 1] === OPEN) at = start;
          else {
            out[at - 1] = CLOSE;
            out[at++] = COMMA;
          }
        }
      }
    }
    if (out[at - 1] === COMMA) at--;
    out[at++] = CLOSE;
    out[at++] = LF;
    return at > out.length ? undefined : at;
  }

  #writeValue(step: Step, arrivedAt: number | undefined, from: number): number {
    const { states } = this.#line;
    const known = step.index < 0 ? state.absent : states[step.index];
    let at = from;
    if ((known as number) >= state.asItStands) {
      at = this.#copyValue(step.index, writeBytes(step.text, at));
    } else {
      if (known === state.empty && step.emptyText) return writeBytes(step.emptyText, at);
      const derived = this.#derive(step, arrivedAt);
      if (derived === undefined || derived === NULL) return at;
      at = writeBytes(step.text, at);
      if (typeof derived === 'object') {
        at = writeText(derived.before, at);
        at = this.#copyValue(this.#line.valueAt(derived.place), at);
        at = writeText(derived.after, at);
      } else at = writeText(derived, at);
    }
    out[at++] = COMMA;
    return at;
  }

  #copyValue(value: number, at: number): number {
    const line = this.#line;
    const known = line.states[value];
    if (known === state.token) return writeText(line.tokens[value] as string, at);
    const { spans } = line.shape;
    const quote = known === state.asItStands ? 0 : 1;
    const start = (spans[2 * value] as number) + quote;
    return copyFromScratch(start, (spans[2 * value + 1] as number) - quote, at);
  }

  /**
   * The value that is asked for first is the same in all lines of a shape: what a line answers decides
   * what is asked next. Where nothing else is asked for, its bytes decide what is derived.
   */
  #derive(step: Step, arrivedAt: number | undefined): Derived {
    const { derive, derived, derivedFrom } = step;
    const line = this.#line;
    if (!derive || !derived) return derive?.(line, arrivedAt);
    const { spans } = line.shape;
    if (derivedFrom >= 0) {
      const known = derived.find(
        line.bytes,
        spans[2 * derivedFrom] as number,
        spans[2 * derivedFrom + 1] as number,
      );
      if (known) return known.result;
    }
    line.asked = asked.none;
    const token = derive(line, arrivedAt);
    const { asked: value } = line;
    if (value >= 0 && typeof token !== 'object') {
      step.derivedFrom = value;
      derived.add(line.bytes, spans[2 * value] as number, spans[2 * value + 1] as number, token);
    }
    return token;
  }
}

/** The steps for the lines of a shape, of which none is there in vain. */
class Steps {
  readonly steps: Step[] = [];
  readonly #line: ScannedColumns;
  #attributedCount = 0;

  constructor(line: ScannedColumns, parts: readonly Part[]) {
    this.#line = line;
    for (const part of parts) this.#add(part);
  }

  #add(part: Part): void {
    if ('opens' in part) this.#push({ kind: kind.opens, text: Buffer.from(`${part.opens}{`) });
    else if ('closes' in part) this.#close();
    else if ('attributed' in part) {
      this.#push({ kind: kind.attributed, index: this.#attributedCount++ });
    } else this.#addValue(part);
  }

  #addValue({ key, place, writesNull, derive, dependsOnArrival }: Value): void {
    const index = place === undefined ? -1 : this.#line.valueAt(place);
    this.#line.asked = asked.none;
    const token = derive?.(this.#line, undefined) as string | undefined;
    const isSettled = this.#line.asked === asked.none && !dependsOnArrival;
    if (index < 0 && isSettled) {
      if (token !== undefined) this.#addText(`${key}${token},`);
      return;
    }
    this.#push({
      kind: kind.value,
      index,
      text: Buffer.from(key),
      emptyText: writesNull && Buffer.from(`${key}${NULL},`),
      derive: isSettled ? () => token : derive,
      derived: isSettled || dependsOnArrival ? undefined : new Readings<string>(),
    });
  }

  #addText(text: string): void {
    const last = this.steps.at(-1);
    if (last?.kind !== kind.text && last?.kind !== kind.opens) {
      this.#push({ kind: kind.text, text: Buffer.from(text) });
      return;
    }
    this.steps.pop();
    this.#push({ kind: last.kind, text: Buffer.concat([last.text, Buffer.from(text)]) });
  }

  /** An object of which all is known is a text like any other; an empty one is none. */
  #close(): void {
    const last = this.steps.at(-1);
    if (last?.kind !== kind.opens) {
      this.#push({ kind: kind.closes });
      return;
    }
    this.steps.pop();
    const text = last.text.toString();
    if (!text.endsWith('{')) this.#addText(`${text.slice(0, -1)}},`);
  }

  #push(step: Pick<Step, 'kind'> & Partial<Step>): void {
    this.steps.push({
      index: -1,
      text: nothing,
      emptyText: undefined,
      derive: undefined,
      derived: undefined,
      derivedFrom: asked.none,
      ...step,
    });
  }
}

const nothing = Buffer.alloc(0);

// Each of the following gives the end of what it writes. What does not fit ends behind `out`.

function writeBytes(bytes: Uint8Array, at: number): number {
  const end = at + bytes.length;
  if (end <= out.length) out.set(bytes, at);
  return end;
}

/** By four bytes, a third of the time of one by one: those behind the end are written over. */
function copyFromScratch(start: number, end: number, at: number): number {
  const shift = at - start;
  if (end + shift > MAX_COPIED_TO) return end + shift;
  if (end - start > LONG_COPY) out.set(scratch.subarray(start, end), at);
  else {
    for (let from = start; from < end; from += 4) {
      outWords.setInt32(from + shift, scratchWords.getInt32(from));
    }
  }
  return end + shift;
}

function writeText(text: string, from: number): number {
  let at = from;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) return writeUtf8(text, from);
    out[at++] = code;
  }
  return at;
}

function writeUtf8(text: string, at: number): number {
  const end = at + Buffer.byteLength(text);
  if (end <= out.length) out.write(text, at);
  return end;
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
