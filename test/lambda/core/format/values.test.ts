import { readValue } from '../../../../lambda/core/format/values';

const quoted = { variable: 'path', isQuoted: true };
const bare = { variable: 'status', isQuoted: false };
const message = { variable: 'error.messageString', isQuoted: false };

const cases = [
  { title: 'plain text', notation: 'json', slot: quoted, raw: 'a b', text: 'a b', json: 'a b' },
  { title: 'a quote', notation: 'json', slot: quoted, raw: 'a"b', text: 'a"b', json: 'a\\"b' },
  {
    title: 'an escape',
    notation: 'json',
    slot: quoted,
    raw: '\\u00fc',
    text: 'ü',
    json: '\\u00fc',
  },
  {
    title: 'an escape beside a quote',
    notation: 'json',
    slot: quoted,
    raw: '\\u00fc"',
    text: '\\u00fc"',
    json: '\\\\u00fc\\"',
  },
  { title: 'a tab', notation: 'json', slot: quoted, raw: 'a\tb', text: 'a\tb', json: 'a\\tb' },
  { title: 'a number', notation: 'json', slot: bare, raw: ' 200', text: '200', json: '200' },
  {
    title: 'a number as written',
    notation: 'json',
    slot: bare,
    raw: '1.0',
    text: '1.0',
    json: '1.0',
  },
  { title: 'a dash', notation: 'json', slot: bare, raw: '-', text: '-', json: '"-"' },
  { title: 'nothing', notation: 'json', slot: bare, raw: '', text: '', json: '""' },
  {
    title: 'no number after all',
    notation: 'json',
    slot: bare,
    raw: '007',
    text: '007',
    json: '"007"',
  },
  { title: 'its own quotes', notation: 'json', slot: message, raw: '"a"', text: 'a', json: '"a"' },
  {
    title: 'its own quotes around others',
    notation: 'json',
    slot: message,
    raw: '"a "b""',
    text: 'a "b"',
    json: '"a \\"b\\""',
  },
  { title: 'its own quotes', notation: 'text', slot: message, raw: '"a"', text: 'a', json: 'a' },
  { title: 'entities', notation: 'xml', slot: bare, raw: 'R&amp;D', text: 'R&D', json: 'R&D' },
  {
    title: 'no entities',
    notation: 'xml',
    slot: bare,
    raw: 'a&b;&amp;',
    text: 'a&b;&amp;',
    json: 'a&b;&amp;',
  },
  { title: 'a tag', notation: 'xml', slot: bare, raw: '<b>&lt;', text: '<b>&lt;', json: '<b>&lt;' },
  { title: 'an escape', notation: 'text', slot: bare, raw: '\\n', text: '\\n', json: '\\\\n' },
  { title: 'entities', notation: 'text', slot: bare, raw: '&amp;', text: '&amp;', json: '&amp;' },
] as const;

for (const { title, notation, slot, raw, text, json } of cases) {
  test(`reads ${title} in ${notation}: ${raw}`, () => {
    expect(readValue(raw, slot, notation)).toEqual({ text, json });
  });
}
