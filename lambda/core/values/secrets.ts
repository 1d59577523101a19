/** What becomes of a live credential in a delivered line. */

import { createHash } from 'node:crypto';
import { fields, isNoValue, namesOf } from '../fields';
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
  return value.length > 4 ? `****${value.slice(-4)}` : '****';
}

/** `treatSecret` of a value as it is written in JSON. */
export function treatSecretToken(token: string, treatment: SecretTreatment): string {
  if (treatment === 'keep' || token === 'null') return token;
  const value = tokenText(token);
  const treated = value === undefined ? '****' : treatSecret(value, treatment);
  return treated === undefined || treated === value ? token : JSON.stringify(treated);
}

const secretNames = fields.filter((field) => field.secret).flatMap(namesOf);
// A text within a text has its quotes escaped, once or more often.
const quote = `(?:\\\\*["“”'])?`;
const valueCharacter = `(?:[^"“”'<>,;{}\\s\\\\]|\\\\(?![\\\\"“”']))`;
const namedSecret = new RegExp(
  `(\\b(?:${secretNames.join('|')})\\b${quote}[ \\t]*[:=>][ \\t]*${quote})(${valueCharacter}+)`,
  'g',
);

/** Treats what looks like a named secret in a text that could not be read; a best effort. */
export function treatSecretsInText(text: string, treatment: SecretTreatment): string {
  if (treatment === 'keep') return text;
  return text.replace(
    namedSecret,
    (_, name: string, value: string) => `${name}${treatSecret(value, treatment) ?? ''}`,
  );
}
