/**
 * Secrets inside a value: a member with a secret's name in an object or a list, at any depth. A format
 * may nest what it logs (`{"identity": {"apiKey": "…"}}`), and a credential is one there as well.
 *
 * Only the text of the secrets changes. A name inside a string is no member, and left alone.
 */

import { fieldNamed } from '../fields';
import { endOfString, endOfValue, skipBlanks, tokenText } from '../record/log-line';
import { type SecretTreatment, treatSecretToken } from './secrets';

/** The token of a member's value with the secrets inside it treated. */
export function treatNestedSecrets(token: string, treatment: SecretTreatment): string {
  if (treatment === 'keep' || !(token.startsWith('{') || token.startsWith('['))) return token;
  let treated = '';
  let done = 0;
  // No depth to keep: in valid JSON a string before a colon is a name, wherever it stands.
  for (let at = token.indexOf('"'); at !== -1; ) {
    const nameEnd = endOfString(token, at);
    const colon = skipBlanks(token, nameEnd);
    if (token[colon] !== ':' || !isSecret(token.slice(at, nameEnd))) {
      at = token.indexOf('"', nameEnd);
      continue;
    }
    const valueStart = skipBlanks(token, colon + 1);
    const end = endOfValue(token, valueStart);
    if (treatment === 'remove') {
      const before = token.slice(done, at).trimEnd();
      const isFirst = !before.endsWith(',');
      // With the comma before it or, in front of an object's first member, the one behind it.
      treated += isFirst ? token.slice(done, at) : before.slice(0, -1);
      done = isFirst ? behindComma(token, end) : end;
    } else {
      treated += token.slice(done, valueStart);
      treated += treatSecretToken(token.slice(valueStart, end), treatment);
      done = end;
    }
    at = token.indexOf('"', end);
  }
  return treated + token.slice(done);
}

function isSecret(name: string): boolean {
  return fieldNamed(tokenText(name) ?? '')?.secret === true;
}

function behindComma(token: string, end: number): number {
  const comma = skipBlanks(token, end);
  return token[comma] === ',' ? skipBlanks(token, comma + 1) : end;
}
