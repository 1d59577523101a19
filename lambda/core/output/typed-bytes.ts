/**
 * The short way of the typed outputs: a usual line is read and written anew as bytes, with what is
 * known of all lines of its shape.
 *
 * What is returned is, to the byte, what the plain way makes of the record; undefined sends whatever
 * is unusual there. That is, in the order of the guards: what is no base64 or too long, what fits no
 * shape, a key whose plan depends on the request's time, and what grows too long.
 *
 * There is no plan for lines
 * - that tell twice what attribution looks for, or have two names for one column;
 * - with a member that the attribution may fill, or that an envelope begins with.
 */

import type { Attribution } from '../attribution/attribute';
import {
  AttributionTable,
  type CallerValues,
  callerValuesOf,
} from '../attribution/attribution-table';
import { decode, MAX_BYTES, scratch } from '../bytes/input';
import type { LineShape } from '../bytes/line-shape';
import { LineShapes } from '../bytes/line-shapes';
import { output } from '../bytes/output';
import type { Catalog } from '../catalog/catalog';
import type { Delivered, ShortWay } from './fast-path';
import type { Layout } from './layout';
import { stepsOf } from './row-steps';
import { RowWriter } from './row-writer';
import { ScannedColumns } from './scanned-columns';

interface Plan {
  readonly shape: LineShape;
  readonly callers: CallerValues;
  readonly line: ScannedColumns;
  readonly writer: RowWriter;
}

export class Rewriter implements ShortWay {
  readonly #layout: Layout;
  readonly #attributions: AttributionTable;
  readonly #shapes: LineShapes<Plan>;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#shapes = new LineShapes(layout.reading.names, (shape) => this.#planFor(shape));
    this.#attributions = new AttributionTable(textsOf(layout));
  }

  record(data: string, catalog: Catalog, arrivedAt?: number): Delivered | undefined {
    const length = decode(data);
    return length === undefined ? undefined : this.#rewrite(length, catalog, arrivedAt, 'base64');
  }

  line(text: string, catalog: Catalog, arrivedAt?: number): Delivered | undefined {
    if (text.length > MAX_BYTES) return undefined;
    const length = scratch.write(text);
    // A text may hold half a character, which no bytes do.
    if (length !== text.length) return undefined;
    return this.#rewrite(length, catalog, arrivedAt, 'utf8');
  }

  #rewrite(
    length: number,
    catalog: Catalog,
    arrivedAt: number | undefined,
    as: 'base64' | 'utf8',
  ): Delivered | undefined {
    const attributions = this.#attributions;
    if (attributions.use(catalog)) this.#shapes.use(catalog.nobody.columns);
    const plan = this.#shapes.find(length);
    if (!plan) return undefined;
    const texts = attributions.find(plan.shape, plan.callers);
    if (texts < 0) return undefined;
    plan.line.read();
    const end = plan.writer.write(attributions.bytes, texts, arrivedAt);
    if (end === undefined) return undefined;
    return {
      text: output.toString(as, 0, end),
      outcome: attributions.outcomeAt(texts),
      keyId: attributions.unknownKeyAt(texts),
    };
  }

  #planFor(shape: LineShape): Plan | undefined {
    const callers = callerValuesOf(shape);
    const line = ScannedColumns.of(shape, this.#layout);
    if (!callers || !line) return undefined;
    return { shape, callers, line, writer: new RowWriter(line, stepsOf(this.#layout, line)) };
  }
}

/** One for each place of a layout that an attribution decides of, each with a 0 behind it. */
function textsOf({ parts }: Layout): (attribution: Attribution) => string {
  return (attribution) =>
    parts.map((part) => ('attributed' in part ? `${part.attributed(attribution)}\0` : '')).join('');
}
