/**
 * The fast path of `verbatim`: a line stays the bytes that it comes as, and the attribution stands in the
 * place of its closing brace.
 *
 * Left to the general path are, in the order of the checks: a line that is not scanned, a key whose plan
 * depends on the request's time, an attribution that is too long, and a secret that is too short to be
 * masked in its place; and all lines of a shape
 * - with two values of what attribution looks for, with two secrets, or with one to remove;
 * - with a member that the attribution may fill, or that an envelope begins with.
 */

import type { Attribution } from '../attribution/attribute';
import {
  AttributionTable,
  type CallerValues,
  callerValuesOf,
} from '../attribution/attribution-table';
import type { LineShape } from '../bytes/line-shape';
import { LineShapes } from '../bytes/line-shapes';
import { copyScratch, writeString } from '../bytes/output';
import { MAX_END } from '../bytes/scratch';
import type { Catalog } from '../catalog/catalog';
import { Names } from '../names';
import { FastPath, type WrittenLine } from './fast-path';
import type { RenderOptions } from './renderer';

/** As long as what is left of a secret. */
const MASK = '****';

interface PreparedShape {
  readonly shape: LineShape;
  readonly callers: CallerValues;
  /** The value that is a secret, below 0 for none. */
  readonly secret: number;
}

export class VerbatimBytes extends FastPath {
  readonly #options: RenderOptions;
  readonly #attributions: AttributionTable;
  readonly #shapes: LineShapes<PreparedShape>;

  constructor(options: RenderOptions) {
    super();
    this.#options = options;
    const { names = Names.ofTable } = options;
    this.#shapes = new LineShapes(names, (shape) => this.#prepare(shape));
    this.#attributions = new AttributionTable(endingsOf(options), options.partitionBy);
  }

  protected write(
    from: number,
    length: number,
    at: number,
    catalog: Catalog,
  ): WrittenLine | undefined {
    const attributions = this.#attributions;
    if (attributions.use(catalog)) this.#shapes.use(catalog.noCustomer.columns);
    const prepared = this.#shapes.find(from, length);
    if (!prepared) return undefined;
    const { shape } = prepared;
    const entry = attributions.find(shape, prepared.callers);
    if (entry < 0) return undefined;
    const body = this.#copyBody(prepared, at);
    if (body < 0) return undefined;
    const end = attributions.writeText(entry, body);
    if (end > MAX_END) return undefined;
    return {
      start: at,
      end,
      outcome: attributions.outcomeAt(entry),
      keyId: attributions.unknownKeyAt(entry),
      partition: attributions.partitionAt(entry),
      shape,
    };
  }

  protected isJson(length: number): boolean {
    return this.#shapes.isObject(length);
  }

  #prepare(shape: LineShape): PreparedShape | undefined {
    const { usagePlanField, customerNameField, apiKeyValues } = this.#options;
    if (shape.hasAny([usagePlanField, customerNameField])) return undefined;
    const [secret = -1, ...others] = apiKeyValues === 'keep' ? [] : secretsOf(shape);
    if (others.length > 0 || (secret >= 0 && apiKeyValues === 'remove')) return undefined;
    if (secret >= 0) shape.requirePlain(secret);
    const callers = callerValuesOf(shape);
    return callers && { shape, callers, secret };
  }

  /**
   * Copies the line up to its closing brace, with no more of a secret than its last four characters after
   * a mask. Returns the offset after it, below 0 where a secret does not have that much room.
   */
  #copyBody({ shape, secret }: PreparedShape, at: number): number {
    if (secret < 0 || shape.isEmpty(secret)) return copyScratch(shape.start, shape.close, at);
    const start = shape.startOf(secret) + 1;
    const end = shape.endOf(secret) - 1;
    if (this.#options.apiKeyValues !== 'mask' || end - start <= 2 * MASK.length) return -1;
    const mask = copyScratch(shape.start, start, at);
    return copyScratch(end - MASK.length, shape.close, writeString(MASK, mask));
  }
}

function secretsOf({ meanings }: LineShape): number[] {
  return [...meanings.keys()].filter((value) => meanings[value]?.isSecret);
}

/** What replaces the closing brace of every line with one attribution. */
function endingsOf(options: RenderOptions): (attribution: Attribution) => string {
  const usagePlanStart = `,${JSON.stringify(options.usagePlanField)}:`;
  const customerNameStart = `,${JSON.stringify(options.customerNameField)}:`;
  return ({ usagePlan, customerName, columns = [] }) => {
    let members = usagePlanStart + JSON.stringify(usagePlan);
    members += customerNameStart + JSON.stringify(customerName);
    for (const column of columns) members += `,${column.map((it) => JSON.stringify(it)).join(':')}`;
    return `${members}}\n`;
  };
}
