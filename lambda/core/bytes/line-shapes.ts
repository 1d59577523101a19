/**
 * The shapes of the lines that came, each with what was worked out once for all lines of it. A format's
 * lines nearly all have one shape, so a few are remembered.
 */

import type { Column } from '../catalog/customer';
import type { Names } from '../names';
import { scratch } from './input';
import { LineShape } from './line-shape';

/** Formats of the stages that log into one stream. */
const MAX_SHAPES = 16;

/** In lines: so many must have come for each shape that is tried to be learned, which takes time. */
const PRICE_OF_SHAPE = 256;
const MAX_SAVINGS = MAX_SHAPES * PRICE_OF_SHAPE;

interface Known<T> {
  readonly shape: LineShape;
  readonly plan: T;
}

export class LineShapes<T> {
  readonly #names: Names;
  readonly #planFor: (shape: LineShape) => T | undefined;
  #known: Known<T>[] = [];
  /** Where the shape of the line before is among them. */
  #last = 0;
  #savings = MAX_SAVINGS;
  /** Names that no usual line has: what is said beside plan and customer, and what an envelope begins with. */
  #unusual: readonly string[] = ['messageType'];

  /** The plan is undefined where lines of a shape are nothing usual. */
  constructor(names: Names, planFor: (shape: LineShape) => T | undefined) {
    this.#names = names;
    this.#planFor = planFor;
  }

  /**
   * The plan for the shape that the line in the first `length` bytes of `scratch` fits, nearly always
   * that of the line before; undefined where it fits none.
   */
  find(length: number): T | undefined {
    const all = this.#known;
    if (this.#savings < MAX_SAVINGS) this.#savings++;
    for (let tried = 0; tried < all.length; tried++) {
      const index = (this.#last + tried) % all.length;
      const { shape, plan } = all[index] as Known<T>;
      if (!shape.fits(length)) continue;
      this.#last = index;
      return plan;
    }
    if (this.#savings < PRICE_OF_SHAPE) return undefined;
    this.#savings -= PRICE_OF_SHAPE;
    return this.#learn(length);
  }

  /** For lines beside whose plan and customer these columns are said. */
  use(columns: readonly Column[]): void {
    const unusual = [...columns.map(([name]) => name), 'messageType'];
    if (unusual.join() === this.#unusual.join()) return;
    this.#unusual = unusual;
    this.#known = [];
  }

  #learn(length: number): T | undefined {
    const shape = LineShape.learn(scratch.toString('latin1', 0, length), this.#names);
    if (!shape || shape.valuesNamed(this.#unusual).length > 0) return undefined;
    const plan = this.#planFor(shape);
    if (!plan || !shape.fits(length)) return undefined;
    if (this.#known.length === MAX_SHAPES) this.#known = [];
    this.#last = this.#known.push({ shape, plan }) - 1;
    return plan;
  }
}
