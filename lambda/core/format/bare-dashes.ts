/**
 * API Gateway writes `-` for a variable without a value, also where a format has it outside of strings,
 * such as `"integrationStatus": $context.integrationStatus`. That is no JSON, but can mean nothing else,
 * whatever the format.
 */

const QUOTE = 0x22;
const MINUS = 0x2d;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;

const BEFORE = ':,[';
const AFTER = ',}]';

/** The text with the bare dashes in quotes; undefined where it has none, or is no object. */
export function withDashesQuoted(text: string): string | undefined {
  if (text.charCodeAt(0) !== OPEN || !text.includes('-')) return undefined;
  let quoted = '';
  let done = 0;
  // Of what came last outside of strings, blanks aside.
  let before = '';
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = closingQuote(text, at);
    else if (code === MINUS && BEFORE.includes(before) && isAlone(text, at)) {
      quoted += `${text.slice(done, at)}"-"`;
      done = at + 1;
    }
    const char = text[at] as string;
    if (char !== ' ' && char !== '\t') before = char;
  }
  return done === 0 ? undefined : quoted + text.slice(done);
}

function isAlone(text: string, dash: number): boolean {
  let at = dash + 1;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at < text.length && AFTER.includes(text[at] as string);
}

/** The last offset of the text where the string does not end. */
function closingQuote(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) {
    at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  }
  return Math.min(at, text.length - 1);
}
