/**
 * Writes a line that fits a shape, from bytes to bytes, by the steps that are known of the shape. Behind each member goes a comma, which a closing brace then replaces; an
 * object that has nothing in it at its end is taken back.
 */

import { copyScratch, copyScratchEscaped, Text, writeString, writeText } from '../bytes/output';
import { MAX_END, scratch } from '../bytes/scratch';
import type { Derived } from './layout';
import { ATTRIBUTED, CLOSES, EXTRA, OPENS, ORIGINAL, type Step, TEXT, VALUE } from './row-steps';
import { ABSENT, AS_IT_STANDS, EMPTY, NONE, type ScannedColumns, TOKEN } from './scanned-columns';
import { NULL } from './tokens';

const [QUOTE, COMMA, OPEN, CLOSE, LF] = [0x22, 0x2c, 0x7b, 0x7d, 0x0a];

/** Objects in objects. */
const MAX_DEPTH = 16;

export class RowWriter {
  readonly #line: ScannedColumns;
  readonly #steps: readonly Step[];
  /** By value: its name and a colon, as they stand in a JSON string. */
  readonly #names: readonly Text[];
  /** Where the objects begin that have not ended. */
  readonly #starts = new Int32Array(MAX_DEPTH);

  constructor(line: ScannedColumns, steps: readonly Step[]) {
    this.#line = line;
    this.#steps = steps;
    this.#names = line.shape.names.map(
      (name) => new Text(JSON.stringify(`${JSON.stringify(name)}:`).slice(1, -1)),
    );
  }

  /**
   * Writes the line that was read last at `start`, with the texts of its attribution, which begin at
   * `from` and end with a 0 each; gives the offset after it, undefined where it is too long.
   */
  write(
    start: number,
    texts: Uint8Array,
    from: number,
    arrivedAt: number | undefined,
  ): number | undefined {
    let text = from;
    const starts = this.#starts;
    let depth = 0;
    scratch[start] = OPEN;
    let at = start + 1;
    for (const step of this.#steps) {
      switch (step.kind) {
        case VALUE:
          at = this.#writeValue(step, arrivedAt, at);
          break;
        case OPENS:
          for (const offset of step.offsets) starts[depth++] = at + offset;
          at = writeText(step.text, at);
          break;
        case CLOSES:
          // Behind the buffer's end stands what an earlier line has left there.
          if (at > MAX_END) return undefined;
          for (let ended = 0; ended < step.count; ended++) {
            depth--;
            at = scratch[at - 1] === OPEN ? (starts[depth] as number) : endObject(at);
          }
          break;
        case TEXT:
          at = writeText(step.text, at);
          break;
        case ATTRIBUTED:
          for (; (texts[text] as number) > 0; text++) scratch[at++] = texts[text] as number;
          text++;
          break;
        case ORIGINAL:
          at = this.#writeOriginal(step, at);
          break;
        case EXTRA:
          at = this.#writeExtra(step, at);
      }
    }
    at = endObject(Math.max(at, start + 2));
    scratch[at - 1] = LF;
    return at > MAX_END ? undefined : at;
  }

  #writeValue(step: Step, arrivedAt: number | undefined, from: number): number {
    const known = step.index < 0 ? ABSENT : (this.#line.states[step.index] as number);
    let at = from;
    if (known >= AS_IT_STANDS) {
      at = this.#copyValue(step.index, writeText(step.text, at));
    } else {
      if (known === EMPTY && step.emptyText) return writeText(step.emptyText, at);
      const derived = this.#derive(step, arrivedAt);
      if (derived === undefined || derived === NULL) return at;
      at = writeText(step.text, at);
      if (typeof derived === 'object') {
        at = writeString(derived.before, at);
        for (const place of derived.places) {
          at = this.#copyValue(this.#line.valueAt(place), at);
          scratch[at++] = COMMA;
        }
        at = writeString(derived.after, at - 1);
      } else at = writeString(derived, at);
    }
    scratch[at++] = COMMA;
    return at;
  }

  #copyValue(value: number, at: number): number {
    const { states, tokens, shape } = this.#line;
    const known = states[value];
    if (known === TOKEN) return writeString(tokens[value] as string, at);
    const quote = known === AS_IT_STANDS ? 0 : 1;
    return copyScratch(shape.startOf(value) + quote, shape.endOf(value) - quote, at);
  }

  /**
   * The value that is asked for first is the same in all lines of a shape, since what a line answers
   * decides what is asked next. Where nothing else is asked for, its bytes decide what is derived.
   */
  #derive(step: Step, arrivedAt: number | undefined): Derived {
    const { derive, derived, derivedFrom } = step;
    const line = this.#line;
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

  #writeOriginal(step: Step, from: number): number {
    const { shape } = this.#line;
    let at = copyScratchEscaped(shape.start, shape.close + 1, writeText(step.text, from));
    scratch[at++] = QUOTE;
    scratch[at++] = COMMA;
    return at;
  }

  #writeExtra(step: Step, from: number): number {
    const { unknown, displaced } = this.#line;
    if (unknown.length === 0 && displaced.length === 0) return from;
    let at = writeText(step.text, from);
    for (const value of unknown) at = this.#writeExtraMember(value, at);
    for (const value of displaced) at = this.#writeExtraMember(value, at);
    scratch[at - 1] = CLOSE;
    scratch[at++] = QUOTE;
    scratch[at++] = COMMA;
    return at;
  }

  #writeExtraMember(value: number, from: number): number {
    const { shape } = this.#line;
    let at = writeText(this.#names[value] as Text, from);
    at = copyScratchEscaped(shape.startOf(value), shape.endOf(value), at);
    scratch[at++] = COMMA;
    return at;
  }
}

/** In place of the comma behind its last member. */
function endObject(at: number): number {
  scratch[at - 1] = CLOSE;
  scratch[at] = COMMA;
  return at + 1;
}
