/**
 * Where things end in the text of strictly valid JSON; below 0 where they are none. Exactly what JSON.parse
 * takes, without making the values, and without an exception for what is no JSON: that takes longer than
 * all else that is done to such a line.
 */

const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const BLANK = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Offset after blanks and line breaks. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === BLANK || code === LINE_FEED || code === TAB || code === RETURN;
}

/** Offset after the value that begins at `from`. */
export function endOfValue(text: string, from: number): number {
  const first = text.charCodeAt(from);
  return isOpening(first) ? endOfNested(text, from) : endOfScalar(text, from);
}

/** Offset after the closing quote of the string that begins at `from`. */
export function endOfString(text: string, from: number): number {
  if (text.charCodeAt(from) !== QUOTE) return -1;
  let at = from + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < BLANK) return -1;
    if (code !== BACKSLASH) at++;
    else {
      escaped.lastIndex = at;
      if (!escaped.test(text)) return -1;
      at = escaped.lastIndex;
    }
  }
  return -1;
}

const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/** Offset of a member's value, from the offset after its name. */
export function startOfMemberValue(text: string, nameEnd: number): number {
  if (nameEnd < 0) return -1;
  const colon = skipBlanks(text, nameEnd);
  return text.charCodeAt(colon) === COLON ? skipBlanks(text, colon + 1) : -1;
}

function endOfScalar(text: string, from: number): number {
  if (text.charCodeAt(from) === QUOTE) return endOfString(text, from);
  scalar.lastIndex = from;
  return scalar.test(text) ? scalar.lastIndex : -1;
}

const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;

function isOpening(code: number): boolean {
  return code === OPEN || code === OPEN_LIST;
}

function endOfNested(text: string, from: number): number {
  let at = from;
  /** What closes the objects and lists around. */
  const closings: number[] = [];
  for (;;) {
    if (closings.at(-1) === CLOSE) at = startOfMemberValue(text, endOfString(text, at));
    if (at < 0) return -1;
    const first = text.charCodeAt(at);
    if (isOpening(first)) {
      // Two characters further, for either.
      const closing = first + 2;
      closings.push(closing);
      at = skipBlanks(text, at + 1);
      if (text.charCodeAt(at) !== closing) continue;
    } else {
      at = endOfScalar(text, at);
      if (at < 0) return -1;
      at = skipBlanks(text, at);
    }
    while (text.charCodeAt(at) === closings.at(-1)) {
      at++;
      closings.pop();
      if (closings.length === 0) return at;
      at = skipBlanks(text, at);
    }
    if (text.charCodeAt(at) !== COMMA) return -1;
    at = skipBlanks(text, at + 1);
  }
}
