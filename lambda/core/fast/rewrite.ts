/**
 * The short way of the typed shapes: a usual line is read and written anew as bytes, with what is known
 * of all lines of its shape. A format's lines nearly all have one shape, so a few are remembered.
 *
 * What is returned is, to the byte, what the plain way makes of the record; undefined sends whatever
 * is unusual there. That is, in the order of the guards: what is no canonical base64 or too long, what
 * fits no shape, a key whose plan depends on the request's time, and what grows too long.
 *
 * No shape is learned from a line
 * - with a name beyond ASCII, a name written twice, or two names for one column;
 * - with a member that the attribution may fill, or that an envelope begins with.
 */

import type { Catalog } from '../catalog/catalog';
import { type Attribution, callerFields } from '../enrich';
import { namesOf } from '../fields';
import type { Layout } from '../render/layout';
import { AttributionTable } from './attribution-table';
import type { Spans } from './byte-table';
import { LineShape } from './line-shape';
import { output } from './output';
import { stepsOf } from './row-steps';
import { RowWriter } from './row-writer';
import { ScannedColumns } from './scanned-columns';
import { decode, MAX_BYTES, scratch } from './scratch';
import type { ShortWay } from './short-way';
import type { Spliced, SplicedLine } from './splice';

/** Formats of the stages that log into one stream. */
const MAX_SHAPES = 16;

/** In lines: so many must have come for each shape that is tried to be learned, which takes time. */
const PRICE_OF_SHAPE = 256;
const MAX_SAVINGS = MAX_SHAPES * PRICE_OF_SHAPE;

interface Known {
  readonly shape: LineShape;
  readonly line: ScannedColumns;
  readonly writer: RowWriter;
  /** By caller field: the value that names it, below 0 for none. */
  readonly callers: readonly number[];
}

interface Attributed {
  readonly attribution: Attribution;
  readonly texts: Uint8Array;
}

export class Rewriter implements ShortWay {
  readonly #layout: Layout;
  readonly #attributions: AttributionTable<Attributed>;
  readonly #spans: Spans = new Int32Array(2 * callerNames.length);
  #known: Known[] = [];
  /** Where the shape of the line before is among them. */
  #last = 0;
  #savings = MAX_SAVINGS;
  /** Names of the columns that are said beside plan and customer. */
  #columns: readonly string[] = [];
  /** Of the line in `output`. */
  #length = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#attributions = new AttributionTable((attribution) => {
      const texts = layout.parts.map((part) =>
        'attributed' in part ? `${part.attributed(attribution)}\0` : '',
      );
      return { attribution, texts: Buffer.from(texts.join('')) };
    });
  }

  splice(data: string, catalog: Catalog, arrivedAt?: number): Spliced | undefined {
    const length = decode(data);
    const attribution =
      length === undefined ? undefined : this.#rewrite(length, catalog, arrivedAt);
    return attribution && { data: output.toString('base64', 0, this.#length), attribution };
  }

  spliceLine(text: string, catalog: Catalog, arrivedAt?: number): SplicedLine | undefined {
    if (text.length > MAX_BYTES) return undefined;
    const length = scratch.write(text);
    // A text may hold half a character, which no bytes do.
    if (length !== text.length) return undefined;
    const attribution = this.#rewrite(length, catalog, arrivedAt);
    return attribution && { text: output.toString('utf8', 0, this.#length), attribution };
  }

  /** From `scratch` to `output`. */
  #rewrite(
    length: number,
    catalog: Catalog,
    arrivedAt: number | undefined,
  ): Attribution | undefined {
    this.#use(catalog);
    const known = this.#knownOf(length);
    if (!known) return undefined;
    const attributed = this.#attributedOf(known);
    if (!attributed) return undefined;
    known.line.read();
    const written = known.writer.write(attributed.texts, arrivedAt);
    if (written === undefined) return undefined;
    this.#length = written;
    return attributed.attribution;
  }

  #use(catalog: Catalog): void {
    this.#attributions.use(catalog);
    const { columns } = catalog.nobody;
    if (columns.length === this.#columns.length) {
      if (columns.every(([name], index) => name === this.#columns[index])) return;
    }
    this.#columns = columns.map(([name]) => name);
    this.#known = [];
  }

  /** The shape that the line fits, nearly always that of the line before. */
  #knownOf(length: number): Known | undefined {
    const all = this.#known;
    if (this.#savings < MAX_SAVINGS) this.#savings++;
    for (let tried = 0; tried < all.length; tried++) {
      const index = (this.#last + tried) % all.length;
      const known = all[index] as Known;
      if (!known.shape.fits(length)) continue;
      this.#last = index;
      return known;
    }
    if (this.#savings < PRICE_OF_SHAPE) return undefined;
    this.#savings -= PRICE_OF_SHAPE;
    const learned = this.#learn(scratch.toString('latin1', 0, length));
    if (!learned?.shape.fits(length)) return undefined;
    if (all.length === MAX_SHAPES) this.#known = [];
    this.#last = this.#known.push(learned) - 1;
    return learned;
  }

  #learn(text: string): Known | undefined {
    const shape = LineShape.learn(text);
    if (!shape || !this.#isUsual(shape.names)) return undefined;
    const line = ScannedColumns.of(shape, this.#layout);
    if (!line) return undefined;
    const callers = callerNames.map((names) =>
      shape.names.findIndex((name) => names.includes(name)),
    );
    for (const value of callers) if (value >= 0) shape.requirePlain(value);
    return { shape, line, writer: new RowWriter(line, stepsOf(this.#layout, line)), callers };
  }

  #isUsual(names: readonly string[]): boolean {
    return (
      new Set(names).size === names.length &&
      names.every((name) => isAscii.test(name)) &&
      ![...this.#columns, 'messageType'].some((name) => names.includes(name))
    );
  }

  #attributedOf({ shape, callers }: Known): Attributed | undefined {
    for (let part = 0; part < callers.length; part++) {
      const value = callers[part] as number;
      const isThere = value >= 0;
      this.#spans[2 * part] = isThere ? shape.startOf(value) + 1 : 0;
      this.#spans[2 * part + 1] = isThere ? shape.endOf(value) - 1 : 0;
    }
    return this.#attributions.find(scratch, this.#spans);
  }
}

const callerNames = [callerFields.keyId, callerFields.apiId, callerFields.stage].map(namesOf);

const isAscii = /^[ -~]*$/;
