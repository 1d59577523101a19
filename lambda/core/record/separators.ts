/** Finds the way through a text of JSON objects that stand in a row, with a line break between or none. */

/**
 * Offset behind the brace that closes the object which opens at `from`; where a string breaks off
 * before, the offset of that break.
 */
export function endOfObject(text: string, from: number): number {
  let depth = 0;
  let inString = false;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
      else if (code === 0x0a || code === 0x0d) return at;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b) depth++;
    else if (code === 0x7d && --depth <= 0) return at + 1;
  }
  return text.length;
}

/**
 * Blanks and line breaks; also the two characters `\\n`, which whoever types them at the end of a log
 * format in the console gets in every line.
 */
export function skipSeparators(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const char = text[at] as string;
    if (' \t\r\n'.includes(char)) at++;
    else if (char === '\\' && (text[at + 1] === 'n' || text[at + 1] === 'r')) at += 2;
    else break;
  }
  return at;
}
