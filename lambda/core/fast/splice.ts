/**
 * The short way of a record that is one usual line. The line stays what it comes as, bytes: it is
 * scanned, not parsed, its key is looked up by its bytes, and the attribution is copied over its
 * closing brace, as bytes that were made when the key first came. The one string that is made is the
 * base64 text of the result.
 *
 * What is returned is, to the byte, what the plain way makes of the record; undefined sends whatever
 * is unusual there. That is, in the order of the guards: what is no base64 or too long, what the scan
 * does not vouch for, a key whose plan depends on the request's time, an attribution that is too long,
 * and a secret that cannot be masked in its place.
 */

import { Catalog } from '../catalog/catalog';
import { type Attribution, type AttributionOutcome, attributionOf, callerFields } from '../enrich';
import { fields, namesOf } from '../fields';
import type { RenderOptions } from '../render/renderer';
import { ByteTable } from './byte-table';
import { LineScan, type Role, role } from './line-scan';

const ASTERISK = 0x2a;
const DASH = 0x2d;
const ZERO = 0x30;
const EQUALS = 0x3d;
const MASK_LENGTH = 4;

/** Longer lines, rare as they are, are not worth a larger buffer. */
const MAX_BASE64_LENGTH = 64 * 1024;
const MAX_ENDING_LENGTH = 16 * 1024;
/** A character takes three bytes at most. */
const MAX_TEXT_LENGTH = MAX_BASE64_LENGTH / 4;
/** Of all calls, since nothing in one outlives it; the byte behind a line's last belongs to the scan. */
const scratch = Buffer.allocUnsafeSlow((MAX_BASE64_LENGTH / 4) * 3 + 1 + 3 * MAX_ENDING_LENGTH);

/** Some 100,000 endings: the keys of an account, times the stages that each calls. */
const MAX_ENDINGS_BYTES = 16 * 1024 * 1024;

/** In the order of the digits that stand for them. */
const outcomes = ['enriched', 'withoutKey', 'unknownKey', 'noPlanForStage'] as const;

export interface Spliced {
  /** What is delivered. */
  readonly text: string;
  readonly outcome: AttributionOutcome;
  /** Of an unknown key. */
  readonly keyId: string | undefined;
}

export class Splicer {
  readonly #options: RenderOptions;
  readonly #usagePlanStart: string;
  readonly #customerNameStart: string;
  /** By API key id, API id and stage: a digit for the outcome, and what replaces the closing brace. */
  readonly #endings = new ByteTable(MAX_ENDINGS_BYTES);
  /** All that is known is of this one. */
  #catalog = Catalog.empty;
  /** Names of the columns that are appended beside plan and customer. */
  #columns: readonly string[] = [];
  #scan: LineScan;

  constructor(options: RenderOptions) {
    this.#options = options;
    this.#usagePlanStart = `,${JSON.stringify(options.usagePlanField)}:`;
    this.#customerNameStart = `,${JSON.stringify(options.customerNameField)}:`;
    this.#scan = new LineScan(rolesOf(options, this.#columns));
  }

  /** The short way of a record's base64 data. */
  splice(data: string, catalog: Catalog): Spliced | undefined {
    const length = decode(data);
    return length === undefined ? undefined : this.#splice(length, catalog, 'base64');
  }

  /** The short way of a line that is text already, as the lines of an envelope are. */
  spliceLine(text: string, catalog: Catalog): Spliced | undefined {
    if (text.length > MAX_TEXT_LENGTH) return undefined;
    return this.#splice(scratch.write(text), catalog, 'utf8');
  }

  #splice(length: number, catalog: Catalog, as: 'base64' | 'utf8'): Spliced | undefined {
    this.#use(catalog);
    if (!this.#scan.scan(scratch, length)) return undefined;
    const ending = this.#findEnding(catalog);
    if (ending < 0) return undefined;
    const outcome = outcomes[(this.#endings.bytes[ending] as number) - ZERO] as AttributionOutcome;
    // Before a mask moves it.
    const keyId = outcome === 'unknownKey' ? this.#valueOf(role.apiKeyId) : undefined;
    const start = this.#maskSecret();
    if (start === undefined) return undefined;
    const end = this.#append(ending);
    return { text: scratch.toString(as, start, end), outcome, keyId };
  }

  /** Where in the table it is; below 0 for an attribution that is none for the short way. */
  #findEnding(catalog: Catalog): number {
    const { spans } = this.#scan;
    if (isNoValueAt(spans[0] as number, spans[1] as number)) spans.fill(0);
    const known = this.#endings.find(scratch, spans);
    if (known >= 0) return known;

    const keyId = this.#valueOf(role.apiKeyId);
    if (catalog.key(keyId)?.dependsOnTime) return -1;
    const caller = { keyId, apiId: this.#valueOf(role.apiId), stage: this.#valueOf(role.stage) };
    const ending = this.#endingOf(attributionOf(caller, catalog));
    return ending.length > MAX_ENDING_LENGTH ? -1 : this.#endings.add(scratch, spans, ending);
  }

  /** Gives the offset behind the line. */
  #append(ending: number): number {
    const { bytes } = this.#endings;
    const { close } = this.#scan;
    const length = this.#endings.lengthAt(ending) - 1;
    for (let i = 0; i < length; i++) scratch[close + i] = bytes[ending + 1 + i] as number;
    return close + length;
  }

  /** Forgets what it knows of another catalog. */
  #use(catalog: Catalog): void {
    if (catalog === this.#catalog) return;
    this.#catalog = catalog;
    this.#endings.clear();
    const columns = catalog.nobody.columns.map(([name]) => name);
    if (columns.join() === this.#columns.join()) return;
    this.#columns = columns;
    this.#scan = new LineScan(rolesOf(this.#options, columns));
  }

  #valueOf(part: number): string {
    const { spans } = this.#scan;
    return scratch.toString('latin1', spans[2 * part], spans[2 * part + 1]);
  }

  #endingOf({ outcome, usagePlan, customerName, columns = [] }: Attribution): string {
    let members = `${this.#usagePlanStart}${JSON.stringify(usagePlan)}`;
    members += `${this.#customerNameStart}${JSON.stringify(customerName)}`;
    for (const column of columns) members += `,${column.map((it) => JSON.stringify(it)).join(':')}`;
    return `${outcomes.indexOf(outcome)}${members}}\n`;
  }

  /**
   * Leaves of the secret its last four characters, with a mask before them, and moves up what stands
   * before the secret. Gives the offset at which the line now begins; undefined where the secret does
   * not have that much room.
   */
  #maskSecret(): number | undefined {
    const { secretStart, secretEnd } = this.#scan;
    const { apiKeyValues } = this.#options;
    if (apiKeyValues === 'keep' || isNoValueAt(secretStart, secretEnd)) return 0;
    const shift = secretEnd - 2 * MASK_LENGTH - secretStart;
    if (apiKeyValues !== 'mask' || shift <= 0) return undefined;
    const clearStart = secretEnd - MASK_LENGTH;
    scratch.copyWithin(shift, 0, secretStart);
    scratch.fill(ASTERISK, clearStart - MASK_LENGTH, clearStart);
    return shift;
  }
}

/** Decodes into `scratch`; gives the number of bytes. */
function decode(base64: string): number | undefined {
  const { length } = base64;
  if (length % 4 !== 0 || length > MAX_BASE64_LENGTH) return undefined;
  let bytes = (length / 4) * 3;
  if (base64.charCodeAt(length - 1) === EQUALS) bytes--;
  if (base64.charCodeAt(length - 2) === EQUALS) bytes--;
  // Node skips what is no base64.
  return scratch.write(base64, 0, 'base64') === bytes ? bytes : undefined;
}

function isNoValueAt(start: number, end: number): boolean {
  return start === end || (end - start === 1 && scratch[start] === DASH);
}

function rolesOf(options: RenderOptions, columns: readonly string[]): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const name of namesOf(callerFields.keyId)) roles.set(name, role.apiKeyId);
  for (const name of namesOf(callerFields.apiId)) roles.set(name, role.apiId);
  for (const name of namesOf(callerFields.stage)) roles.set(name, role.stage);
  const secretRole = options.apiKeyValues === 'remove' ? role.unusual : role.secret;
  for (const field of fields) {
    if (field.secret) for (const name of namesOf(field)) roles.set(name, secretRole);
  }
  // Already there, perhaps free to fill; and what an envelope begins with.
  const { usagePlanField, customerNameField } = options;
  for (const name of [usagePlanField, customerNameField, ...columns, 'messageType']) {
    roles.set(name, role.unusual);
  }
  return roles;
}
