/**
 * The short way of `verbatim`: a usual line stays what it comes as, bytes. The attribution is copied
 * over its closing brace, and the one string that is made is that of the result.
 *
 * What is returned is, to the byte, what the plain way makes of the record; undefined sends whatever
 * is unusual there. That is, in the order of the guards: what is no base64 or too long, what fits no
 * shape, a key whose plan depends on the request's time, an attribution that is too long, and a secret
 * that cannot be masked in its place.
 *
 * There is no plan for lines
 * - that tell twice what attribution looks for, or have two secrets, or one that is to go;
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
import type { Catalog } from '../catalog/catalog';
import { Names } from '../names';
import type { Delivered, ShortWay } from './fast-path';
import type { RenderOptions } from './renderer';

const ASTERISK = 0x2a;
const MASK_LENGTH = 4;

interface Plan {
  readonly shape: LineShape;
  readonly callers: CallerValues;
  /** The value that is a secret, below 0 for none. */
  readonly secret: number;
}

export class Splicer implements ShortWay {
  readonly #options: RenderOptions;
  readonly #attributions: AttributionTable;
  readonly #shapes: LineShapes<Plan>;

  constructor(options: RenderOptions) {
    this.#options = options;
    const { names = Names.ofTable } = options;
    this.#shapes = new LineShapes(names, (shape) => this.#planFor(shape));
    this.#attributions = new AttributionTable(endingsOf(options));
  }

  record(data: string, catalog: Catalog): Delivered | undefined {
    const length = decode(data);
    return length === undefined ? undefined : this.#splice(length, catalog, 'base64');
  }

  line(text: string, catalog: Catalog): Delivered | undefined {
    // A character takes three bytes at most.
    if (3 * text.length > MAX_BYTES) return undefined;
    return this.#splice(scratch.write(text), catalog, 'utf8');
  }

  #splice(length: number, catalog: Catalog, as: 'base64' | 'utf8'): Delivered | undefined {
    const attributions = this.#attributions;
    if (attributions.use(catalog)) this.#shapes.use(catalog.nobody.columns);
    const plan = this.#shapes.find(length);
    if (!plan) return undefined;
    const ending = attributions.find(plan.shape, plan.callers);
    if (ending < 0) return undefined;
    // Before a mask moves it.
    const keyId = attributions.unknownKeyAt(ending);
    const start = this.#maskSecret(plan);
    if (start === undefined) return undefined;
    const end = this.#append(ending, plan.shape.close);
    return {
      text: scratch.toString(as, start, end),
      outcome: attributions.outcomeAt(ending),
      keyId,
    };
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

  /** Copies the ending over the closing brace; gives the offset behind it. */
  #append(ending: number, close: number): number {
    const { bytes } = this.#attributions;
    const length = this.#attributions.lengthAt(ending);
    for (let i = 0; i < length; i++) scratch[close + i] = bytes[ending + i] as number;
    return close + length;
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
