/**
 * Secrets inside a value: a member with a secret's name in an object or a list, at any depth. A format
 * may nest what it logs (`{"identity": {"apiKey": "…"}}`), and a credential is one there as well, also
 * where a string holds JSON, XML, a query or headers.
 *
 * Only the text of the secrets changes, and strings that hold one are written anew.
 */

import type { Names } from '../names';
import { endOfString, endOfValue, skipBlanks } from '../record/json-text';
import { tokenText } from '../record/log-line';
import { areSecretLetters, lettersOf, SECRET_LETTERS } from '../spelling';
import { type SecretTreatment, treatSecretToken } from './secrets';
import { treatSecretsInText } from './text-secrets';

/** Any secret's name has it in it, but for one with an escape and one that a format has chosen. */
const mayBeSecret = /[kK\u212a](?:[^A-Za-z\d]|\\[bfnrt])*[eE]|\\u/;

/** The way to a member, as far as it decides whether that is a secret. */
interface Path {
  /** Whole where a configured format has chosen the name, else empty: it would grow with the depth. */
  readonly name: string;
  readonly lastLetters: string;
}

/** API Gateway's limit on a format. */
const MAX_NAME_LENGTH = 3 * 1024;

/** The token of a value, of the name or path given, with the secrets inside it treated. */
export function treatNestedSecrets(
  token: string,
  path: string,
  treatment: SecretTreatment,
  names: Names,
): string {
  if (treatment === 'keep') return token;
  if (token.startsWith('"')) return treatInString(token, treatment);
  if (!(token.startsWith('{') || token.startsWith('['))) return token;
  const own = names.unspelledSecrets;
  if (own.size === 0 && !mayBeSecret.test(token)) return token;
  const within = ({ name, lastLetters }: Path, member: string): Path => ({
    name: own.size === 0 || name.length > MAX_NAME_LENGTH ? '' : `${name}.${member}`,
    lastLetters: (lastLetters + lettersOf(member)).slice(-SECRET_LETTERS),
  });
  let treated = '';
  let done = 0;
  let next: Path = { name: path, lastLetters: lettersOf(path).slice(-SECRET_LETTERS) };
  /** The paths of the objects and lists around. */
  const paths: Path[] = [];
  for (let at = 0; at < token.length; ) {
    const char = token[at];
    if (char === '{' || char === '[') {
      paths.push(next);
      at++;
    } else if (char === '}' || char === ']') {
      next = paths.pop() as Path;
      at++;
    } else if (char !== '"') {
      at++;
    } else {
      const nameEnd = endOfString(token, at);
      const colon = skipBlanks(token, nameEnd);
      // In valid JSON a string before a colon is a name, wherever it stands.
      if (token[colon] !== ':') {
        treated += token.slice(done, at) + treatInString(token.slice(at, nameEnd), treatment);
        done = nameEnd;
        at = nameEnd;
        continue;
      }
      next = within(paths.at(-1) as Path, tokenText(token.slice(at, nameEnd)) as string);
      const valueStart = skipBlanks(token, colon + 1);
      if (!own.has(next.name) && !areSecretLetters(next.lastLetters)) {
        at = valueStart;
        continue;
      }
      const end = endOfValue(token, valueStart);
      if (treatment === 'remove') {
        const before = token.slice(done, at).trimEnd();
        const isFirst = !before.endsWith(',');
        // With the comma before it or, in front of an object's first member, the one after it.
        treated += isFirst ? token.slice(done, at) : before.slice(0, -1);
        done = isFirst ? behindComma(token, end) : end;
      } else {
        treated += token.slice(done, valueStart);
        treated += treatSecretToken(token.slice(valueStart, end), treatment);
        done = end;
      }
      at = done > end ? done : end;
    }
  }
  return treated + token.slice(done);
}

/** What is before a value: an escaped quote, an apostrophe, a colon, an equals sign or a bracket. */
const mayHoldMembers = /\\(?:"|u00(?:22|27|3[ac-eAC-E]))|[':<->]/;

function treatInString(token: string, treatment: SecretTreatment): string {
  if (!mayHoldMembers.test(token) || !mayBeSecret.test(token)) return token;
  const text = tokenText(token) as string;
  const treated = treatSecretsInText(text, treatment);
  return treated === text ? token : JSON.stringify(treated);
}

function behindComma(token: string, end: number): number {
  const comma = skipBlanks(token, end);
  return token[comma] === ',' ? skipBlanks(token, comma + 1) : end;
}
