import fc from 'fast-check';
import {
  endOfString,
  endOfValue,
  skipBlanks,
  startOfMemberValue,
} from '../../../../lambda/core/record/json-text';
import { fuzzRuns } from '../../../support/fuzz-runs';

const parts = [
  ...['{', '}', '[', ']', ',', ':', '"', '\\', '\\"', '\\u', '\\u00e9', '\\ud83d', '\\x', '\n'],
  ...[
    '"a"',
    '"a":',
    'true',
    'null',
    'nul',
    '0',
    '01',
    '-',
    '-1',
    '1.',
    '1.5',
    '1e5',
    '1e',
    '.5',
    ' ',
    '\t',
  ],
];

/** Any JSON, written with any blanks. */
const json = fc
  .tuple(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t', '\n '))
  .map(([value, blanks]) => JSON.stringify(value, undefined, blanks));

/** JSON with something put in, left out, or both. */
const nearlyJson = fc
  .tuple(json, fc.constantFrom('', ...parts), fc.nat(), fc.nat(3))
  .map(([text, added, at, left]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + added + text.slice(place + left);
  });

const text = fc.oneof(
  json,
  nearlyJson,
  fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 8 }).map((all) => all.join('')),
);

function isJson(candidate: string): boolean {
  try {
    JSON.parse(candidate);
    return true;
  } catch {
    return false;
  }
}

/** Where a value that begins the text ends for JSON.parse: the longest beginning that it reads. */
function endForParser(candidate: string): number {
  for (let end = candidate.length; end > 0; end--) {
    const beginning = candidate.slice(0, end);
    if (beginning.trim() === beginning && isJson(beginning)) return end;
  }
  return -1;
}

describe('a value in a text', () => {
  test('ends where JSON.parse ends it, and nowhere if JSON.parse reads none', () => {
    const found = { ends: 0, none: 0 };
    fc.assert(
      fc.property(text, (candidate) => {
        fc.pre(candidate.length < 200 && !/^[ \n\t]/.test(candidate));
        const end = endOfValue(candidate, 0);

        expect(end).toBe(endForParser(candidate));
        found[end < 0 ? 'none' : 'ends']++;
      }),
      { numRuns: fuzzRuns(500) },
    );
    expect(Math.min(found.ends, found.none)).toBeGreaterThan(0);
  });

  test('may be nested as deeply as its text is long', () => {
    const deep = '['.repeat(100_000);

    expect(endOfValue(`${deep}${']'.repeat(100_000)}`, 0)).toBe(200_000);
    expect(endOfValue(deep, 0)).toBe(-1);
  });

  test('is found behind its name', () => {
    const line = '{ "a\\"b" \t: [1] }';
    const nameEnd = endOfString(line, 2);
    const start = startOfMemberValue(line, nameEnd);

    expect(line.slice(start, endOfValue(line, start))).toBe('[1]');
    expect(startOfMemberValue('"a" 1', 3)).toBe(-1);
    expect(startOfMemberValue('"a', endOfString('"a', 0))).toBe(-1);
  });

  test('may stand behind blanks and line breaks, and nothing else', () => {
    expect(skipBlanks(' \t\r\n1', 0)).toBe(4);
    expect(skipBlanks('\u00a01', 0)).toBe(0);
    expect(skipBlanks('  ', 0)).toBe(2);
  });
});
