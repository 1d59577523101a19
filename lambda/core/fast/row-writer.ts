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
import type { Layout, Part, Value } from '../render/layout';
import type { Columns } from '../render/line-columns';
import { NULL } from '../render/tokens';
import { type ScannedColumns, state } from './scanned-columns';

const [COMMA, OPEN, CLOSE, LF] = [0x2c, 0x7b, 0x7d, 0x0a];

/** Of all calls; what does not fit is no usual line. */
export const out = Buffer.allocUnsafeSlow(256 * 1024);

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
          at = copy(step.text, 0, step.text.length, at);
          break;
        case kind.value:
          at = this.#writeValue(step, arrivedAt, at);
          break;
        case kind.attributed: {
          const text = texts[step.index] as Uint8Array;
          at = copy(text, 0, text.length, at);
          break;
        }
        case kind.opens:
          starts.push(at);
          at = copy(step.text, 0, step.text.length, at);
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
    const line = this.#line;
    const value = step.index;
    const known = value < 0 ? state.absent : line.states[value];
    let at = from;
    if (known === state.asItStands || known === state.withoutQuotes) {
      const { spans } = line.shape;
      const quote = known === state.asItStands ? 0 : 1;
      at = copy(step.text, 0, step.text.length, at);
      const start = (spans[2 * value] as number) + quote;
      const end = (spans[2 * value + 1] as number) - quote;
      at = copy(line.bytes, start, end, at);
    } else {
      if (known === state.empty && step.emptyText) {
        return copy(step.emptyText, 0, step.emptyText.length, at);
      }
      const token = known === state.token ? line.tokens[value] : step.derive?.(line, arrivedAt);
      if (token === undefined || token === NULL) return at;
      at = copy(step.text, 0, step.text.length, at);
      at = writeText(token, at);
    }
    out[at++] = COMMA;
    return at;
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
    const asked = new Asked(this.#line);
    const token = derive?.(asked, undefined);
    const isSettled = !asked.wasAskedFor && !dependsOnArrival;
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
      ...step,
    });
  }
}

const nothing = Buffer.alloc(0);

/** A line without values, which sees whether it is asked for any that lines of the shape may have. */
class Asked implements Columns {
  wasAskedFor = false;
  readonly #line: ScannedColumns;

  constructor(line: ScannedColumns) {
    this.#line = line;
  }

  token(place: number): undefined {
    this.wasAskedFor ||= this.#line.valueAt(place) >= 0;
  }

  has(place: number): boolean {
    this.token(place);
    return false;
  }

  text(place: number): undefined {
    this.token(place);
  }

  get extra(): undefined {
    this.wasAskedFor = true;
    return undefined;
  }
}

function copy(from: Uint8Array, start: number, end: number, to: number): number {
  let at = to;
  for (let byte = start; byte < end; byte++) out[at++] = from[byte] as number;
  return at;
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

/** What does not fit ends behind the buffer. */
function writeUtf8(text: string, at: number): number {
  const end = at + Buffer.byteLength(text);
  if (end <= out.length) out.write(text, at);
  return end;
}
