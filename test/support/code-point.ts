import fc from 'fast-check';

const [FIRST_SURROGATE, SURROGATES, LAST] = [0xd800, 0x800, 0x10ffff];

/** Any code point but a half of a surrogate pair. That of fast-check takes a second to be made. */
export const codePoint = fc
  .nat({ max: LAST - SURROGATES })
  .map((nth) => String.fromCodePoint(nth < FIRST_SURROGATE ? nth : nth + SURROGATES));
