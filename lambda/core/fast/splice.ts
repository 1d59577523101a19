/**
 * The short way of a record that is one usual line: the attribution is spliced into the record's
 * base64 text, and the line is never a string, parsed, rendered or encoded again.
 *
 * Four characters of base64 hold three bytes, so of a line that is cut off at its closing brace all
 * characters stay as they are, but for 0, 2 or 4 bits that the last one leaves over. Those bits and
 * what is appended make the ending of the new text: for each attribution one of 1 + 4 + 16 strings,
 * made when it is first needed.
 *
 * What is returned is, to the byte, what the plain way makes of the record; undefined sends whatever
 * is unusual there. That is, in the order of the guards: what is no canonical base64 or too long,
 * what the scan does not vouch for, a key whose plan depends on the request's time, and a secret that
 * cannot be masked in its place.
 */

import { Catalog } from '../catalog/catalog';
import { type Attribution, attributionOf, callerFields } from '../enrich';
import { fields, namesOf } from '../fields';
import type { RenderOptions } from '../render/renderer';
import { treatSecret } from '../secrets';
import { ByteTable } from './byte-table';
import { LineScan, type Role, role } from './line-scan';

const ASTERISK = 0x2a;
const DASH = 0x2d;
const MASK_LENGTH = 4;

/** Longer lines, rare as they are, are not worth a larger buffer. */
const MAX_BASE64_LENGTH = 64 * 1024;
/** A character takes three bytes at most. */
const MAX_TEXT_LENGTH = MAX_BASE64_LENGTH / 4;
/** Of all calls, since nothing in one outlives it; the byte behind a line's last belongs to the scan. */
const scratch = Buffer.allocUnsafeSlow((MAX_BASE64_LENGTH / 4) * 3 + 1);

/** Keys of an account, times the stages that each calls. */
const MAX_ENDINGS = 50_000;

export interface Spliced {
  /** The delivered record. */
  readonly data: string;
  readonly attribution: Attribution;
}

export interface SplicedLine {
  /** The delivered line. */
  readonly text: string;
  readonly attribution: Attribution;
}

export class Splicer {
  readonly #options: RenderOptions;
  /** By the bytes of API key id, API id and stage. */
  readonly #endings = new ByteTable<Ending>(MAX_ENDINGS);
  /** All that is known is of this one. */
  #catalog = Catalog.empty;
  #withoutKey: Ending;
  /** Names of the columns that are appended beside plan and customer. */
  #columns: readonly string[] = [];
  #scan: LineScan;

  constructor(options: RenderOptions) {
    this.#options = options;
    this.#withoutKey = this.#endingOf(attributionOf({}, this.#catalog));
    this.#scan = new LineScan(rolesOf(options, this.#columns));
  }

  splice(data: string, catalog: Catalog): Spliced | undefined {
    this.#use(catalog);
    const length = decode(data);
    if (length === undefined || !this.#scan.scan(scratch, length)) return undefined;
    const ending = this.#findEnding(catalog);
    const start = this.#maskSecret();
    if (!ending || start === undefined) return undefined;

    const { close } = this.#scan;
    const text = start === 0 ? data : scratch.toString('base64', start, close);
    return {
      data: ending.appendTo(text, close - start, scratch[close - 1] as number),
      attribution: ending.attribution,
    };
  }

  /** The short way of a line that is text already, as the lines of an envelope are. */
  spliceLine(text: string, catalog: Catalog): SplicedLine | undefined {
    if (text.length > MAX_TEXT_LENGTH) return undefined;
    this.#use(catalog);
    const length = scratch.write(text);
    if (!this.#scan.scan(scratch, length)) return undefined;
    const { close, secretStart, secretEnd } = this.#scan;
    const ending = this.#findEnding(catalog);
    if (!ending) return undefined;
    const { attribution, appended } = ending;
    // What stands behind the brace is ASCII.
    const end = text.length - (length - close);
    const { apiKeyValues } = this.#options;
    if (apiKeyValues === 'keep' || isNoValueAt(secretStart, secretEnd)) {
      return { text: text.slice(0, end) + appended, attribution };
    }
    // Offsets of bytes are offsets of characters in ASCII only.
    if (apiKeyValues !== 'mask' || length !== text.length) return undefined;
    const masked = treatSecret(text.slice(secretStart, secretEnd), apiKeyValues);
    return {
      text: text.slice(0, secretStart) + masked + text.slice(secretEnd, end) + appended,
      attribution,
    };
  }

  /** Undefined where the request's time, too, decides of the attribution. */
  #findEnding(catalog: Catalog): Ending | undefined {
    const { spans } = this.#scan;
    if (isNoValueAt(spans[0] as number, spans[1] as number)) return this.#withoutKey;
    const known = this.#endings.find(scratch, spans);
    if (known) return known;

    const keyId = this.#valueOf(role.apiKeyId);
    if (catalog.key(keyId)?.dependsOnTime) return undefined;
    const caller = { keyId, apiId: this.#valueOf(role.apiId), stage: this.#valueOf(role.stage) };
    const ending = this.#endingOf(attributionOf(caller, catalog));
    this.#endings.add(scratch, spans, ending);
    return ending;
  }

  /** Forgets what it knows of another catalog. */
  #use(catalog: Catalog): void {
    if (catalog === this.#catalog) return;
    this.#catalog = catalog;
    this.#endings.clear();
    this.#withoutKey = this.#endingOf(attributionOf({}, catalog));
    const columns = catalog.nobody.columns.map(([name]) => name);
    if (columns.join() === this.#columns.join()) return;
    this.#columns = columns;
    this.#scan = new LineScan(rolesOf(this.#options, columns));
  }

  #valueOf(part: number): string {
    const { spans } = this.#scan;
    return scratch.toString('latin1', spans[2 * part], spans[2 * part + 1]);
  }

  #endingOf(attribution: Attribution): Ending {
    const { usagePlanField, customerNameField } = this.#options;
    let appended = `,${JSON.stringify(usagePlanField)}:${JSON.stringify(attribution.usagePlan)}`;
    appended += `,${JSON.stringify(customerNameField)}:${JSON.stringify(attribution.customerName)}`;
    for (const [name, value] of attribution.columns ?? []) {
      appended += `,${JSON.stringify(name)}:${JSON.stringify(value)}`;
    }
    return new Ending(attribution, `${appended}}\n`);
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

/** What replaces the closing brace of every line with one attribution. */
class Ending {
  readonly attribution: Attribution;
  readonly appended: string;
  /** Its base64, by the bits that are left over; made when they are needed. */
  readonly #texts = new Array<string | undefined>(1 + 4 + 16);

  constructor(attribution: Attribution, appended: string) {
    this.attribution = attribution;
    this.appended = appended;
  }

  /** Appends to the first `length` bytes of what is base64 text; `lastByte` is the last of them. */
  appendTo(base64: string, length: number, lastByte: number): string {
    const left = length % 3;
    // How many there are, and what they say.
    const bits = left === 0 ? 0 : left === 1 ? 1 + (lastByte & 0b11) : 5 + (lastByte & 0b1111);
    this.#texts[bits] ??= this.#encode(left, lastByte);
    return base64.slice(0, Math.floor((length * 4) / 3)) + this.#texts[bits];
  }

  #encode(left: number, lastByte: number): string {
    // The characters of these bytes' higher bits are there already.
    const bytes =
      left === 0 ? '' : left === 1 ? ascii(lastByte & 0b11) : `\0${ascii(lastByte & 0b1111)}`;
    return Buffer.from(bytes + this.appended)
      .toString('base64')
      .slice(left);
  }
}

const ascii = String.fromCharCode;

/** Decodes into `scratch`; gives the number of bytes. */
function decode(base64: string): number | undefined {
  const { length } = base64;
  if (length % 4 !== 0 || length > MAX_BASE64_LENGTH) return undefined;
  const padding = base64.endsWith('=') ? (base64.endsWith('==') ? 2 : 1) : 0;
  const bytes = (length / 4) * 3 - padding;
  // Node skips what is no base64, and reads the alphabet for URLs as well.
  if (scratch.write(base64, 0, 'base64') !== bytes) return undefined;
  return base64.includes('-') || base64.includes('_') ? undefined : bytes;
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
