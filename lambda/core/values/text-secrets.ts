/**
 * Secrets in a text that nothing could read: what follows a secret's name and a `:`, `=` or `>`. How the
 * name is spelled does not matter, nor how often it is quoted. Where a configured format puts a secret
 * into its lines without a name, it may be any long word. Where it cannot be told where a value ends,
 * more of the text is treated rather than less.
 *
 * Takes time in proportion to the text.
 */

import { Names } from '../names';
import { isSecretName } from '../spelling';
import { type SecretTreatment, treatSecret } from './secrets';

/** What is behind the end of a name, beside a quote and blanks. */
const [COLON, EQUALS, CLOSE_TAG] = [0x3a, 0x3d, 0x3e];
const [ZERO, NINE, BACKSLASH, LOWER_CASE] = [0x30, 0x39, 0x5c, 0x20];
const [LOWER_A, LOWER_E, LOWER_U, LOWER_Y, LOWER_Z] = [0x61, 0x65, 0x75, 0x79, 0x7a];
/** Longer names, with the objects around them, are cut off at their beginning. */
const MAX_NAME_LENGTH = 160;
/** What a name cannot have in it. */
const endsOther = ',;}]<>=&?\r\n';
const tag = /<[^<>]*$/;
const openTag = /^([\w.:-]+)(?:\s[^<>]*)?(?<!\/)$/;
/** `<api><key><value>` */
const ELEMENTS_OF_NAME = 3;
const lastWord = /[\w.@$-]+(?=[^\w.@$-]*$)/;

/** An API key's value has 20 characters at least. */
const longWord = /[^\s"“”'<>]{16,}/g;

export function treatSecretsInText(
  text: string,
  treatment: SecretTreatment,
  names: Names = Names.ofTable,
): string {
  if (treatment === 'keep') return text;
  if (names.hasSecretsWithoutName) {
    return text.replace(longWord, (word) => treatSecret(word, treatment) ?? '');
  }
  const own = new Set(
    Array.from(names.unspelledSecrets, (name) => name.slice(name.lastIndexOf('.') + 1)),
  );
  // An escape may be any letter, and a quote's name ends in letters that are none of the name's.
  const isPlain = own.size === 0 && !/\\u|&(?:quot|#34);/i.test(text);
  let treated = '';
  let done = 0;
  /** Whether a name that ends there may be a secret's. */
  let isCandidate = false;
  /** The letter before, 0 for any. */
  let last = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const letter = code | LOWER_CASE;
    if ((letter >= LOWER_A && letter <= LOWER_Z) || (code >= ZERO && code <= NINE)) {
      const isOfEnd = letter === LOWER_E || letter === LOWER_Y;
      // That of a line break's escape is none.
      if (!isOfEnd && text.charCodeAt(at - 1) === BACKSLASH) continue;
      isCandidate = isOfEnd && (last === 0 || last === (letter === LOWER_Y ? LOWER_E : LOWER_U));
      last = letter;
      continue;
    }
    if (code !== COLON && code !== EQUALS && code !== CLOSE_TAG) continue;
    // Most names have nothing to do with it, and their last letters tell that in next to no time.
    if (isPlain && !isCandidate && code !== CLOSE_TAG) continue;
    if (!namesSecret(text, at, own)) continue;
    const start = startOfValue(text, at + 1);
    const end =
      text[at] === '>' && text[start] === '<' ? endOfElement(text, start) : endOfValue(text, start);
    if (end === start) continue;
    treated += text.slice(done, start) + treat(text.slice(start, end), treatment);
    done = end;
    at = Math.max(end - 1, at);
    // What ends there may be a name, or its beginning.
    isCandidate = true;
    last = 0;
  }
  return treated + text.slice(done);
}

function namesSecret(text: string, end: number, own: ReadonlySet<string>): boolean {
  const before = withoutQuote(text.slice(Math.max(0, end - MAX_NAME_LENGTH), end).trimEnd());
  const written = text[end] === '>' && tag.test(before) ? elementsBefore(before) : before;
  const name = withoutEscapes(lastName(written));
  const isSecret = isSecretName(name) || isSecretName(name.replace(/\\[bfnrt]/g, ''));
  return isSecret || own.has(lastWord.exec(name)?.[0] ?? '');
}

/** Found from its end: a search from the left would try each of its characters as a beginning. */
function lastName(text: string): string {
  let start = text.length;
  while (start > 0 && !endsOther.includes(text[start - 1] as string)) start--;
  return text.slice(start);
}

/** The names of the elements that begin here; none where the last tag closes one, or has no content. */
function elementsBefore(text: string): string {
  let names = '';
  let end = text.length;
  for (let level = 0; level < ELEMENTS_OF_NAME; level++) {
    const start = text.lastIndexOf('<', end - 1);
    const found = openTag.exec(text.slice(start + 1, end));
    if (start < 0 || !found) break;
    names = `${found[1]} ${names}`;
    if (text[start - 1] !== '>') break;
    end = start - 1;
  }
  return names;
}

/** Its quote in XML. */
function withoutQuote(text: string): string {
  const quote = ['&quot;', '&#34;'].find((one) => text.endsWith(one));
  return quote ? text.slice(0, -quote.length) : text;
}

function withoutEscapes(text: string): string {
  return text.replace(/\\+u([\da-f]{4})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const blanksAndQuote = /[=>]?\s*(?:\\*["“”']|&quot;|&#34;|<!\[CDATA\[)?/y;

/** Behind a quote or the like, if there is one, and the rest of `=>`. */
function startOfValue(text: string, from: number): number {
  blanksAndQuote.lastIndex = from;
  return from + (blanksAndQuote.exec(text)?.[0].length ?? 0);
}

function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '[' || first === '{') return endOfNested(text, start);
  const quote = quoteBefore(text, start);
  return quote ? endOfQuoted(text, start, quote) : endOfBare(text, start);
}

const closingTag = /<\/([\w.:-]*)/g;

/** Where an element with others in it is closed; the end of the text where it is not. */
function endOfElement(text: string, start: number): number {
  closingTag.lastIndex = start;
  for (let tag = closingTag.exec(text); tag; tag = closingTag.exec(text)) {
    if (isSecretName(tag[1] as string)) return tag.index;
  }
  return text.length;
}

interface Quote {
  readonly closing: string;
  /** As many as each quote of the text has, which may be in a text itself. */
  readonly backslashes: number;
}

function quoteBefore(text: string, start: number): Quote | undefined {
  const quote = text[start - 1] ?? '';
  if (!`"“”'`.includes(quote) || quote === '') return undefined;
  return {
    closing: `“”`.includes(quote) ? '“”' : quote,
    backslashes: backslashesBefore(text, start - 1),
  };
}

function backslashesBefore(text: string, at: number): number {
  let count = 0;
  while (text[at - 1 - count] === '\\') count++;
  return count;
}

/** At the quote that closes it, which has the end of a text, a member or a list behind it. */
function endOfQuoted(text: string, start: number, { closing, backslashes }: Quote): number {
  let count = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '\\') {
      count++;
      continue;
    }
    if (closing.includes(char) && count <= backslashes && mayEnd(text, at + 1)) return at - count;
    count = 0;
  }
  return text.length;
}

const endsValue = /[ \t]*(?:$|[\\,;:}\]<>&\r\n]|[ \t]\S)/y;

function mayEnd(text: string, at: number): boolean {
  endsValue.lastIndex = at;
  return endsValue.test(text);
}

const bare = /[^\s,;}\]<>&"“”']*/y;

function endOfBare(text: string, start: number): number {
  bare.lastIndex = start;
  return start + (bare.exec(text)?.[0].length ?? 0);
}

/** Behind the bracket that closes it; the end of the text where none does. */
function endOfNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"') at = endOfQuoted(text, at + 1, quoteBefore(text, at + 1) as Quote);
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth <= 0) return at + 1;
  }
  return text.length;
}

function treat(value: string, treatment: SecretTreatment): string {
  const isNested = /^[[{<]/.test(value);
  // What may be several values has no last four characters.
  return treatSecret(isNested && treatment === 'mask' ? '****' : value, treatment) ?? '';
}
