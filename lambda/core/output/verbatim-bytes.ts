/**
 * The fast path of `verbatim`: a line stays the bytes that it comes as, and the attribution is copied
 * over its closing brace.
 *
 * Left to the plain way are, in the order of the checks: a line that is not scanned, a key whose plan
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
import { scratch } from '../bytes/input';
import type { LineShape } from '../bytes/line-shape';
import { LineShapes } from '../bytes/line-shapes';
import type { Catalog } from '../catalog/catalog';
import { Names } from '../names';
import { FastPath, type WrittenLine } from './fast-path';
import type { RenderOptions } from './renderer';

const ASTERISK = 0x2a;
const MASK_LENGTH = 4;

interface Plan {
  readonly shape: LineShape;
  readonly callers: CallerValues;
  /** The value that is a secret, below 0 for none. */
  readonly secret: number;
}

export class VerbatimBytes extends FastPath {
  readonly #options: RenderOptions;
  readonly #attributions: AttributionTable;
  readonly #shapes: LineShapes<Plan>;

  constructor(options: RenderOptions) {
    super();
    this.#options = options;
    const { names = Names.ofTable } = options;
    this.#shapes = new LineShapes(names, (shape) => this.#planFor(shape));
    this.#attributions = new AttributionTable(endingsOf(options), options.partitionBy);
  }

  protected write(length: number, catalog: Catalog): WrittenLine | undefined {
    const attributions = this.#attributions;
    if (attributions.use(catalog)) this.#shapes.use(catalog.nobody.columns);
    const plan = this.#shapes.find(length);
    if (!plan) return undefined;
    const entry = attributions.find(plan.shape, plan.callers);
    if (entry < 0) return undefined;
    // A mask moves the bytes of the key id.
    const keyId = attributions.unknownKeyAt(entry);
    const start = this.#maskSecret(plan);
    if (start === undefined) return undefined;
    return {
      bytes: scratch,
      start,
      end: this.#append(entry, plan.shape.close),
      outcome: attributions.outcomeAt(entry),
      keyId,
      partition: attributions.partitionAt(entry),
    };
  }

  protected isJson(length: number): boolean {
    return this.#shapes.isObject(length);
  }

  #planFor(shape: LineShape): Plan | undefined {
    const { usagePlanField, customerNameField, apiKeyValues } = this.#options;
    if (shape.hasAny([usagePlanField, customerNameField])) return undefined;
    const [secret = -1, ...others] = apiKeyValues === 'keep' ? [] : secretsOf(shape);
    if (others.length > 0 || (secret >= 0 && apiKeyValues === 'remove')) return undefined;
    if (secret >= 0) shape.requirePlain(secret);
    const callers = callerValuesOf(shape);
    return callers && { shape, callers, secret };
  }

  /** Copies an attribution's text over the closing brace; gives the offset after it. */
  #append(entry: number, close: number): number {
    const { bytes } = this.#attributions;
    const end = this.#attributions.textEndAt(entry);
    let to = close;
    for (let at = this.#attributions.textAt(entry); at < end; at++) {
      scratch[to++] = bytes[at] as number;
    }
    return to;
  }

  /**
   * Leaves of the secret its last four characters, with a mask before them, and moves up what stands
   * before the secret. Gives the offset at which the line now begins; undefined where the secret does
   * not have that much room.
   */
  #maskSecret({ shape, secret }: Plan): number | undefined {
    if (secret < 0 || shape.isEmpty(secret)) return 0;
    const start = shape.startOf(secret) + 1;
    const end = shape.endOf(secret) - 1;
    const shift = end - 2 * MASK_LENGTH - start;
    if (this.#options.apiKeyValues !== 'mask' || shift <= 0) return undefined;
    const clearStart = end - MASK_LENGTH;
    scratch.copyWithin(shift, 0, start);
    scratch.fill(ASTERISK, clearStart - MASK_LENGTH, clearStart);
    return shift;
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
