import fc from 'fast-check';
import { endOfBlanks, endOfString, endOfValue } from '../../../../lambda/core/bytes/json-bytes';
import { fuzzRuns } from '../../../support/fuzz-runs';

/** As they may stand in a line, with a 0 behind the last byte, as in the buffer that lines are read from. */
const bytesOf = (text: string) => Buffer.from(`${text}\0`);

const endIn = (text: string) => endOfValue(bytesOf(text), 0);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Signs that are looked at more closely, and the first letters of `key`, with others between. */
const mayBeLeft = /["\\<']|k[^a-z\d]*e/i;
const plain = fc.oneof(
  fc.string({ unit: 'grapheme-ascii' }).filter((text) => !mayBeLeft.test(text)),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(true, false, null),
);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    plain,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-d]{1,6}$/), tie('value'), { maxKeys: 4 }),
  ),
})).value;

test('ends where the value ends, whatever comes next', () => {
  const following = fc.constantFrom('', ',', '}', ']', ' ', '\n', ',"a":1}');
  fc.assert(
    fc.property(values, following, (value, next) => {
      const text = JSON.stringify(value);

      expect(endIn(text + next)).toBe(Buffer.byteLength(text));
    }),
  );
});

test('blanks between the parts of a value change nothing', () => {
  fc.assert(
    fc.property(values, (value) => {
      const text = JSON.stringify(value, undefined, 1).replaceAll('\n', '\t');

      expect(endIn(text)).toBe(Buffer.byteLength(text));
    }),
  );
});

test('what is taken for a value is one, however it was broken', () => {
  const cut = fc.record({ at: fc.nat(), removed: fc.nat(3), added: fc.string({ maxLength: 3 }) });
  fc.assert(
    fc.property(fc.json(), cut, (json, { at, removed, added }) => {
      const from = at % (json.length + 1);
      const text = json.slice(0, from) + added + json.slice(from + removed);

      const end = endIn(text);

      if (end >= 0) expect(isJson(bytesOf(text).toString('utf8', 0, end))).toBe(true);
    }),
    { numRuns: fuzzRuns(2000) },
  );
});

const refused = [
  ['half of a surrogate pair', '"\\ud83d"'],
  ['a line break in a string', '"a\nb"'],
  ['an unknown escape', '"\\x41"'],
  ['a string without an end', '"abc'],
  ['a leading zero', '[01]'],
  ['a fraction without digits', '[1.]'],
  ['a word that is cut short', 'tru'],
  ['a comma too many', '[1,]'],
  ['brackets that do not match', '[1}'],
  ['more objects in each other than are followed', `${'['.repeat(31)}${']'.repeat(31)}`],
  ['an object whose member may be a key’s value', '{"apiKey":"s3cret"}'],
  ['JSON in a string with a member that may be one', '"{\\"apiKey\\":\\"s3cret\\"}"'],
  ['a member that may be one, with a sign behind its name', '{"apiKey=":"s3cret"}'],
  ['a key’s value behind its name', '"/a?apiKey=s3cret"'],
  ['a key’s value behind an arrow', '"Map(ip -> 1, apiKey -> s3cret)"'],
  ['a key’s value behind its name and an escaped blank', '"x-api-key\\t: s3cret"'],
  ['a key’s value behind its name and an escaped line break', '"x-api-key\\r\\n: s3cret"'],
  ['a key’s value behind a name that ends with an escape', '"apiKe\\u0079=s3cret"'],
  ['a key’s value behind a name with a line break in it', '"apiK\\ney=s3cret"'],
  ['a key’s value behind its name and a wide blank', '"x-api-key\\u00a0: s3cret"'],
  ['a key’s value behind its name, in quotes', '"apiKey=\\"s3cret\\""'],
];
test.each(refused)('is left to others: %s', (_, text) => {
  expect(endIn(text as string)).toBeLessThan(0);
});

test('a string may have any characters, and escapes of all kinds', () => {
  const text = '"Zürich 東京 😀 \\" \\\\ \\/ \\b\\f\\n\\r\\t \\u00e9"';

  expect(endOfString(bytesOf(`${text},`), 0)).toBe(Buffer.byteLength(text));
});

test.each(['"EP5p3Hz_kE="', '"kecvuGKmVa9sCA_key="', '"api_key:"', '{"id":"sCA_key="}'])(
  'a name without anything behind it is no secret: %s',
  (text) => {
    expect(endIn(text)).toBe(text.length);
  },
);

test('blanks and line breaks are stepped over', () => {
  expect(endOfBlanks(bytesOf(' \t\r\n{'), 0)).toBe(4);
  expect(endOfBlanks(bytesOf('{'), 0)).toBe(0);
});
