/**
 * What stands between two values of a row that are written one after the other: the ends of objects, a
 * comma, what is always the same, the starts of objects, and the next one's name. Each such text is made
 * when it is first needed, so that an object without members is never begun, and is then copied.
 */

import { copyBytes } from '../bytes/output';
import { BYTES_AT_ONCE, wordsOf } from '../bytes/scratch';
import type { ObjectStart } from './layout';
import { type Step, TEXT } from './row-steps';

/** All are forgotten then: lines that lack values at random would have a text for every two steps. */
const MAX_BYTES = 64 * 1024;
/** Before each text stands its length. */
const LENGTH_BYTES = 4;

export class RowTexts {
  readonly #steps: readonly Step[];
  /** By the steps, before the first and after the last one as well: where the text begins, 0 for none. */
  readonly #starts: Int32Array;
  #words = wordsFor(0);
  #end = LENGTH_BYTES;

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
    this.#starts = new Int32Array((steps.length + 1) ** 2);
  }

  /**
   * Writes what stands between two steps of which those between are not written but for texts; returns the
   * offset after it. Before the first step is -1, after the last one is their number.
   */
  write(from: number, to: number, at: number): number {
    const index = (from + 1) * (this.#steps.length + 1) + to;
    const start = (this.#starts[index] as number) || this.#add(index, from, to);
    const end = start + this.#words.getInt32(start - LENGTH_BYTES);
    return copyBytes(this.#words, start, end, at);
  }

  #add(index: number, from: number, to: number): number {
    const bytes = Buffer.from(textBetween(this.#steps, from, to));
    if (this.#end + bytes.length > MAX_BYTES) {
      this.#starts.fill(0);
      this.#end = LENGTH_BYTES;
    }
    const start = this.#end;
    const end = start + bytes.length;
    const old = this.#words;
    if (end + BYTES_AT_ONCE > old.byteLength) this.#words = wordsFor(2 * end);
    const all = new Uint8Array(this.#words.buffer);
    if (old !== this.#words) all.set(new Uint8Array(old.buffer));
    all.set(bytes, start);
    this.#words.setInt32(start - LENGTH_BYTES, bytes.length);
    this.#starts[index] = start;
    this.#end = end + LENGTH_BYTES;
    return start;
  }
}

function wordsFor(bytes: number): DataView {
  return wordsOf(new Uint8Array(bytes + BYTES_AT_ONCE));
}

function textBetween(steps: readonly Step[], from: number, to: number): string {
  let text = from < 0 ? '{' : '';
  let open: readonly ObjectStart[] = steps[from]?.around ?? [];
  for (let index = from + 1; index <= to; index++) {
    const step = steps[index];
    if (index < to && step?.kind !== TEXT) continue;
    const around = step?.around ?? [];
    const isOther = (object: ObjectStart, depth: number) => object !== around[depth];
    const left = open.findIndex(isOther);
    const shared = left < 0 ? open.length : left;
    text += '}'.repeat(open.length - shared);
    if (!step) return `${text}}\n`;
    if (text !== '{') text += ',';
    for (const { opens } of around.slice(shared)) text += `${opens}{`;
    text += step.text;
    open = around;
  }
  return text;
}
