/** What becomes of a live credential in a delivered line. */

import { createHash } from 'node:crypto';
import { isNoValue } from '../fields';
import { tokenText } from '../record/log-line';

export const secretTreatments = ['mask', 'keep', 'hash', 'remove'] as const;

/**
 * `mask` leaves the last four characters, `hash` the SHA-256 in hex (equal keys stay comparable),
 * `remove` nothing, `keep` everything.
 */
export type SecretTreatment = (typeof secretTreatments)[number];

/** The text to deliver in a secret's place; undefined where the field is to go. */
export function treatSecret(value: string, treatment: SecretTreatment): string | undefined {
  if (treatment === 'remove') return undefined;
  if (treatment === 'keep' || isNoValue(value)) return value;
  if (treatment === 'hash') return createHash('sha256').update(value).digest('hex');
  if (value.length <= 4) return '****';
  // Not half a character of two.
  return `****${value.slice(-4).replace(/^[\uDC00-\uDFFF]/, '')}`;
}

/** `treatSecret` of a value as it is written in JSON. */
export function treatSecretToken(token: string, treatment: SecretTreatment): string {
  if (treatment === 'keep' || token === 'null') return token;
  const value = tokenText(token);
  const treated = value === undefined ? '****' : treatSecret(value, treatment);
  return treated === undefined || treated === value ? token : JSON.stringify(treated);
}
