/**
 * The fast path of the typed outputs: a line is read from bytes and written to others, with what is
 * known of all lines of its shape.
 *
 * Left to the general path are, in the order of the checks: a line that is not scanned, a key whose plan
 * depends on the request's time, and a line that grows too long; and all lines of a shape
 * - with two values of what attribution looks for, or with two names for one field;
 * - with a member that the attribution may fill, or that an envelope begins with.
 */

import type { Attribution } from '../attribution/attribute';
import {
  AttributionTable,
  type CallerValues,
  callerValuesOf,
} from '../attribution/attribution-table';
import type { Partitioning } from '../attribution/partition';
import type { LineShape } from '../bytes/line-shape';
import { LineShapes } from '../bytes/line-shapes';
import type { Catalog } from '../catalog/catalog';
import { attributedToken } from './columns';
import { FastPath, type WrittenLine } from './fast-path';
import type { AttributedTokens, Layout } from './layout';
import { type Step, stepsOf } from './row-steps';
import { RowWriter, sizedText } from './row-writer';
import { ScannedColumns } from './scanned-columns';

interface PreparedShape {
  readonly shape: LineShape;
  readonly callers: CallerValues;
  readonly line: ScannedColumns;
  readonly writer: LineWriter;
}

/** Writes the line that was read last. */
export interface LineWriter {
  /**
   * @param start where in `scratch` it may write
   * @param attribution texts with their sizes, which begin at `from`
   * @returns the offset after what was written, undefined where it is too long
   */
  write(
    start: number,
    attribution: DataView,
    from: number,
    arrivedAt: number | undefined,
  ): number | undefined;
}

export type LineWriterFor = (line: ScannedColumns, steps: readonly Step[]) => LineWriter;

export class TypedBytes extends FastPath {
  readonly #layout: Layout;
  readonly #attributions: AttributionTable;
  readonly #shapes: LineShapes<PreparedShape>;
  readonly #writerFor: LineWriterFor;

  constructor(
    layout: Layout,
    partitionBy?: Partitioning,
    writerFor: LineWriterFor = (line, steps) => new RowWriter(line, steps),
  ) {
    super();
    this.#layout = layout;
    this.#writerFor = writerFor;
    this.#shapes = new LineShapes(layout.config.names, (shape) => this.#prepare(shape));
    this.#attributions = new AttributionTable(textsOf(layout), partitionBy);
  }

  protected write(
    from: number,
    length: number,
    at: number,
    catalog: Catalog,
    arrivedAt: number | undefined,
  ): WrittenLine | undefined {
    const attributions = this.#attributions;
    if (attributions.use(catalog)) this.#shapes.use(catalog.noCustomer.columns);
    const prepared = this.#shapes.find(from, length);
    if (!prepared) return undefined;
    const entry = attributions.find(prepared.shape, prepared.callers);
    if (entry < 0) return undefined;
    if (!prepared.line.read()) return undefined;
    const text = attributions.textAt(entry);
    const end = prepared.writer.write(at, attributions.words, text, arrivedAt);
    if (end === undefined) return undefined;
    return {
      start: at,
      end,
      outcome: attributions.outcomeAt(entry),
      keyId: attributions.unknownKeyAt(entry),
      partition: attributions.partitionAt(entry),
      shape: prepared.shape,
    };
  }

  protected isJson(length: number): boolean {
    return this.#shapes.isObject(length);
  }

  #prepare(shape: LineShape): PreparedShape | undefined {
    if (shape.hasAny(this.#layout.namesLeftOut ?? [])) return undefined;
    // Where a secret is in the line, its text is edited as a string.
    const { apiKeyValues } = this.#layout.config;
    const writesLine = this.#layout.parts.some((part) => 'originalKey' in part);
    if (writesLine && shape.hasSecret && apiKeyValues !== 'keep') return undefined;
    const callers = callerValuesOf(shape);
    const line = ScannedColumns.of(shape, this.#layout);
    if (!callers || !line) return undefined;
    return { shape, callers, line, writer: this.#writerFor(line, stepsOf(this.#layout, line)) };
  }
}

/** One for each place of a layout that an attribution decides of, each with its size before it. */
function textsOf({ parts }: Layout): (attribution: Attribution) => string {
  return ({ usagePlan, usagePlanId, customerName, columns = [] }) => {
    const tokens: AttributedTokens = {
      usagePlan: attributedToken(usagePlan),
      usagePlanId: attributedToken(usagePlanId),
      customerName: attributedToken(customerName),
      column: ([, value]) => attributedToken(value),
    };
    return parts
      .map((part) => ('attributed' in part ? sizedText(part.attributed(tokens, columns)) : ''))
      .join('');
  };
}
