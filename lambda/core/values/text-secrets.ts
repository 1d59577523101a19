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
import { Tags } from './tags';

/** The beginning of a tag, or what stands between a name and its value. */
const tagOrSeparator = /[<:=>]/g;
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
  const plain = text.replace(escapedSign, signOf);
  const treated = treat(plain, treatment, names);
  return treated === plain ? text : treated;
}

/** `&`, `:`, `<`, `=` and `>`, as many programs write them in JSON. */
const escapedSign = /\\u00(26|3[acde])/gi;
const signOf = (_: string, code: string) => String.fromCharCode(Number.parseInt(code, 16));

function treat(text: string, treatment: SecretTreatment, names: Names): string {
  const others = (part: string) =>
    names.hasSecretsWithoutName
      ? part.replace(longWord, (word) => treatSecret(word, treatment) ?? '')
      : part;
  const tags = new Tags(text);
  let hasApi = startOfApi.test(text);
  let treated = '';
  let done = 0;
  tagOrSeparator.lastIndex = 0;
  for (let found = tagOrSeparator.exec(text); found; found = tagOrSeparator.exec(text)) {
    const at = found.index;
    if (text.charCodeAt(at) === OPEN_TAG) {
      tags.open(at);
      continue;
    }
    const element = text.charCodeAt(at) === CLOSE_TAG ? tags.close(at) : undefined;
    hasApi ||= element?.toLowerCase().endsWith('api') === true;
    const name = element ?? nameBefore(text, at);
    const isSecret =
      (element === undefined ? endsWithSecretName(name) : isSecretName(name)) ||
      (hasApi && keyOfApi.test(name));
    if (!isSecret) continue;
    const start = startOfValue(text, at + 1);
    const isElement = element !== undefined || (text[at] === '>' && text[start] === '<');
    const end = isElement ? endOfElement(text, start, element) : endOfValue(text, start);
    if (end === start) continue;
    treated += others(text.slice(done, start)) + treatValue(text.slice(start, end), treatment);
    done = end;
    tagOrSeparator.lastIndex = Math.max(end, at + 1);
  }
  return treated + others(text.slice(done));
}

function nameBefore(text: string, separatorAt: number): string {
  const end = endOfName(text, separatorAt);
  return text.slice(Math.max(0, end - MAX_NAME_LENGTH), end);
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
const OPEN_TAG = 0x3c;
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

const commentOrTag = /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<(\\*\/)?([^\s<>/]+)/g;

/** The end of what is in an element, whatever that is; the end of the text where nothing closes it. */
function endOfElement(text: string, start: number, names: string | undefined): number {
  const letters = names === undefined ? '' : lettersOf(names.slice(names.lastIndexOf(' ')));
  commentOrTag.lastIndex = start;
  let depth = 1;
  for (let found = commentOrTag.exec(text); found; found = commentOrTag.exec(text)) {
    const [, slash, name = ''] = found;
    if (letters ? lettersOf(name) !== letters : !isSecretName(name)) continue;
    depth += slash ? -1 : 1;
    if (depth === 0) return start + text.slice(start, found.index).replace(endOfContent, '').length;
  }
  return text.length;
}

/** A quote, the end of a CDATA section. */
const endOfContent = /(?:["']|&quot;|&#34;|\]\]>)$/;

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

function treatValue(value: string, treatment: SecretTreatment): string {
  const isNested = /^[[{]|</.test(value);
  // What may be several values has no last four characters.
  return treatSecret(isNested && treatment === 'mask' ? '****' : value, treatment) ?? '';
}
