/**
 * Secrets in a text that nothing could read: what follows a secret's name and a `:`, `=` or `>`. How the
 * name is spelled does not matter, nor how often it is quoted. Where a configured format puts a secret
 * into its lines without such a name, it may be any long word. Where it is not clear where a value ends,
 * more of the text is treated rather than less.
 *
 * Takes time in proportion to the text.
 */

import { Names } from '../names';
import { areSecretLetters, isSecretName, lettersOf, mayEndSecretName } from '../spelling';
import { type SecretTreatment, treatSecret } from './secrets';

/** What is after the end of a name, up to the value: a quote, a separator, and blanks. */
const separator = /[:=>]/g;
/** Longer names, with the objects around them, are cut off at their beginning. */
const MAX_NAME_LENGTH = 160;
/** What a character of ASCII is in a name, if it can be in one. */
const LETTER = 0;
const SIGN = 1;
const NONE = 2;
const inNames = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const char = String.fromCharCode(code);
  return ',;}]<>=&?\r\n'.includes(char) ? NONE : lettersOf(char) ? LETTER : SIGN;
});
const tag = /<[^<>]*$/;
const openTag = /^([\w.:-]+)(?:\s[^<>]*)?(?<!\/)$/;
/** A name may be cut into as many: `<x-><api><key>`. */
const ELEMENTS_OF_NAME = 3;
/** `{"api": {"id": …, "key": …}}`: other members, of any length, may stand before the key. */
const startOfApi = /api\W*[{>]/i;
const keyOfApi = /\bkey(.?value)?\W*$/i;

/** An API key's value has 20 characters at least. */
const longWord = /[^\s"“”'<>]{16,}/g;

export function treatSecretsInText(
  text: string,
  treatment: SecretTreatment,
  names: Names = Names.ofTable,
): string {
  if (treatment === 'keep') return text;
  const others = (part: string) =>
    names.hasSecretsWithoutName
      ? part.replace(longWord, (word) => treatSecret(word, treatment) ?? '')
      : part;
  const hasApi = startOfApi.test(text);
  let treated = '';
  let done = 0;
  separator.lastIndex = 0;
  for (let found = separator.exec(text); found; found = separator.exec(text)) {
    const at = found.index;
    if (at < done || !namesSecret(text, at, hasApi)) continue;
    const start = startOfValue(text, at + 1);
    const end =
      text[at] === '>' && text[start] === '<' ? endOfElement(text, start) : endOfValue(text, start);
    if (end === start) continue;
    treated += others(text.slice(done, start)) + treat(text.slice(start, end), treatment);
    done = end;
    separator.lastIndex = Math.max(end, at + 1);
  }
  return treated + others(text.slice(done));
}

function namesSecret(text: string, separatorAt: number, hasApi: boolean): boolean {
  const end = endOfName(text, separatorAt);
  let name = text.slice(Math.max(0, end - MAX_NAME_LENGTH), end);
  if (text.charCodeAt(separatorAt) === CLOSE_TAG && tag.test(name)) {
    name = elementsBefore(name);
    if (isSecretName(name)) return true;
  } else if (endsWithSecretName(name)) return true;
  return hasApi && keyOfApi.test(name);
}

/** Before the blanks and the quote of XML that may stand after a name. */
function endOfName(text: string, separatorAt: number): number {
  let end = separatorAt;
  while (text.charCodeAt(end - 1) <= BLANK) end--;
  if (text.charCodeAt(end - 1) !== SEMICOLON) return end;
  return text.endsWith('&quot;', end) ? end - 6 : text.endsWith('&#34;', end) ? end - 5 : end;
}

const BLANK = 0x20;
const SEMICOLON = 0x3b;
const CLOSE_TAG = 0x3e;
const BACKSLASH = 0x5c;
const ESCAPE_LENGTH = '\\u0041'.length;
const isEscape = /^\\u[\da-f]{4}$/i;
/** The letter of `\\n` and the like. */
const isLineBreak = /[bfnrt]/;

/** Compares from the end, since nearly all names differ in their last letter. */
function endsWithSecretName(text: string): boolean {
  let letters = '';
  for (let at = text.length - 1; at >= 0; at--) {
    let char = text.charCodeAt(at);
    if (char < 0x80) {
      if (inNames[char] === NONE) return false;
      if (inNames[char] === SIGN) continue;
      const escapeAt = at - ESCAPE_LENGTH + 1;
      if (text.charCodeAt(escapeAt) === BACKSLASH && isEscape.test(text.slice(escapeAt, at + 1))) {
        char = Number.parseInt(text.slice(escapeAt + 2, at + 1), 16);
        at = escapeAt;
      } else if (text.charCodeAt(at - 1) === BACKSLASH && isLineBreak.test(text[at] as string)) {
        // No secret's name has one of these letters.
        at--;
        continue;
      }
    }
    letters = lettersOf(String.fromCharCode(char)) + letters;
    if (areSecretLetters(letters)) return true;
    if (!mayEndSecretName(letters)) return false;
  }
  return false;
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

const blanksAndQuote = /[:=>]*(?:\s|\\+[nrt])*(?:\\*["“”']|&quot;|&#34;|<!\[CDATA\[)?/y;

/** After blanks, also escaped ones, a quote or the like, and the rest of `=>`. */
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

/** At the quote that closes it, which has the end of a text, a member or a list after it. */
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

/** After the bracket that closes it; the end of the text where none does. */
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
