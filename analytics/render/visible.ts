/**
 * Text as it can be shown in any document: characters that control something, turn the direction of
 * what follows or are invisible are shown as their codes, halves of surrogate pairs as the
 * replacement character.
 */
export function visible(text: string): string {
  return text.replace(unseen, codeOf).replace(unpaired, '\ufffd');
}

const unseen =
  /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]/gu;
const unpaired = /\p{Cs}/gu;

function codeOf(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}
