/** From a value as a log line writes it to one that a typed column holds, both as JSON tokens. */

import type { FieldType } from '../fields';
import { tokenText } from '../record/log-line';
import { type Instant, readTime } from '../values/times';

/** The token of an empty value, or of `-`. */
export const NULL = 'null';

/** Returns undefined where the column cannot hold the value. */
export type TokenReader = (token: string) => string | undefined;

/** How a shape writes a moment in a column of this type. */
export type TimeWriter = (instant: Instant, type: FieldType) => string;

export function tokenReader(type: FieldType, writeTime: TimeWriter): TokenReader {
  if (type === 'string') return stringToken;
  if (type === 'integer') return integerToken;
  return (token) => {
    const instant = instantOf(token);
    return instant && writeTime(instant, type);
  };
}

/** Anything but a string is held as the text that it is written with. */
export function stringToken(token: string): string {
  const text = wellFormedToken(token);
  return text.startsWith('"') ? text : JSON.stringify(text);
}

const escapes = /\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u[dD][89a-fA-F]..|.)/g;

/**
 * A JSON text in which no half of a surrogate pair stands alone, be it escaped or not: one such value
 * makes jq and DuckDB refuse the whole file that it is in (RFC 8259, 8.2).
 */
export function wellFormedToken(token: string): string {
  const wellFormed = token.toWellFormed();
  if (!wellFormed.includes('\\u')) return wellFormed;
  return wellFormed.replace(escapes, (found) =>
    /^\\u[dD][89a-fA-F]..$/.test(found) ? '\\ufffd' : found,
  );
}

// What fits into 64 bits, digit for digit: a detour by a double would cost what is beyond 2^53.
const integer = /^(?:0|-?[1-9]\d{0,17})$/;

export function integerToken(token: string): string | undefined {
  const text = token.startsWith('"') ? token.slice(1, -1) : token;
  return integer.test(text) ? text : undefined;
}

export function instantOf(token: string): Instant | undefined {
  const text = tokenText(token);
  return text === undefined ? undefined : readTime(text);
}
