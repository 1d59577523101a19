import fc from 'fast-check';
import { readRecord, writeRecord } from '../../../lambda/core/record';
import { base64 } from '../../support/firehose';

/** What a record's entries are: the text of a readable line, or `unread: …`. */
function entriesOf(content: string | Uint8Array): string[] {
  return readRecord(base64(content)).map(({ text, line }) => line?.text ?? `unread: ${text}`);
}

describe('readRecord', () => {
  const cases = [
    { title: 'one line without a line break', content: '{"a":1}', entries: ['{"a":1}'] },
    { title: 'a line break at the end', content: '{"a":1}\n', entries: ['{"a":1}'] },
    { title: 'CRLF', content: '{"a":1}\r\n{"b":2}\r\n', entries: ['{"a":1}', '{"b":2}'] },
    { title: 'many lines', content: '{"a":1}\n\n{"b":2}', entries: ['{"a":1}', '{"b":2}'] },
    {
      title: 'objects in a row',
      content: '{"a":"}{"}{"b":2} {"c":3}',
      entries: ['{"a":"}{"}', '{"b":2}', '{"c":3}'],
    },
    {
      title: 'the two characters \\n that a console user typed',
      content: '{"a":1}\\n{"b":2}\\n',
      entries: ['{"a":1}', '{"b":2}'],
    },
    {
      title: 'an object over several lines',
      content: '{\n "a": 1\n}\n{"b":2}',
      entries: ['{  "a": 1 }', '{"b":2}'],
    },
    { title: 'nothing', content: '', entries: [] },
    { title: 'blank lines only', content: ' \r\n\t\n', entries: [] },
    { title: 'plain text', content: 'no json', entries: ['unread: no json'] },
    {
      title: 'a broken line between good ones',
      content: '{"a":1}\n{"b":"x"y"}\n{"c":3}',
      entries: ['{"a":1}', 'unread: {"b":"x"y"}', '{"c":3}'],
    },
    {
      title: 'a row that breaks off',
      content: '{"a":1}{"b":2}{"c":',
      entries: ['{"a":1}', '{"b":2}', 'unread: {"c":'],
    },
    {
      title: 'a broken line whose beginning would parse',
      content: '{"key_id":"k","agent":"he said "}hello","stage":"prod"}',
      entries: ['unread: {"key_id":"k","agent":"he said "}hello","stage":"prod"}'],
    },
    {
      title: 'a line that never closes, before good ones',
      content: '{"a":\n{"b":2}\n{"c":3}',
      entries: ['unread: {"a":', '{"b":2}', '{"c":3}'],
    },
    { title: 'a scalar', content: '42', entries: ['unread: 42'] },
    { title: 'a byte order mark', content: '\ufeff{}', entries: ['unread: \ufeff{}'] },
  ];
  for (const { title, content, entries } of cases) {
    test(`reads ${title}`, () => {
      expect(entriesOf(content)).toEqual(entries);
    });
  }

  test('reads the neighbours of a line that is no UTF-8, and keeps its bytes', () => {
    const broken = Buffer.from([0x7b, 0xff, 0x7d]);
    const content = Buffer.concat([Buffer.from('{"a":1}\n'), broken, Buffer.from('\n{"b":2}')]);

    const entries = readRecord(base64(content));

    expect(entries.map((entry) => entry.line?.text)).toEqual(['{"a":1}', undefined, '{"b":2}']);
    expect(entries[1]?.bytes).toEqual(broken);
  });

  test('reads nothing from data that is no base64', () => {
    expect(readRecord('%%%')).toEqual([{ text: '%%%', line: undefined }]);
  });

  test('finds the lines that were written, whatever separates them', () => {
    const separators = fc.constantFrom('', '\n', '\r\n', ' ', '\n\n', '\\n');
    const lines = fc.array(
      fc.tuple(
        fc.dictionary(fc.string(), fc.jsonValue()).map((object) => JSON.stringify(object)),
        separators,
      ),
    );
    fc.assert(
      fc.property(lines, (written) => {
        const content = written.map(([line, separator]) => line + separator).join('');

        expect(entriesOf(content)).toEqual(written.map(([line]) => line));
      }),
    );
  });

  test('loses no character but blanks and line breaks of any text', () => {
    const pieces = fc.array(
      fc.constantFrom('{', '}', '"', '\\', '\n', '\r', ' ', '{"a":1}', '{"b":', 'x', 'é'),
    );
    fc.assert(
      fc.property(pieces, (characters) => {
        const content = characters.join('');

        const kept = readRecord(base64(content))
          .map((entry) => entry.text)
          .join('');
        expect(withoutSeparators(kept)).toBe(withoutSeparators(content));
      }),
      { numRuns: 1000 },
    );
  });

  const hostile = [
    { title: 'braces that never close', content: '{\n'.repeat(200_000) },
    { title: 'nested objects over many lines', content: '{\n'.repeat(1e5) + '}\n'.repeat(1e5) },
    { title: 'deep nesting', content: `${'{"a":'.repeat(1e5)}1${'}'.repeat(1e5)}` },
    { title: 'blanks', content: `${' '.repeat(1e6)}{}` },
    { title: 'quotes', content: '{"'.repeat(3e5) },
  ];
  for (const { title, content } of hostile) {
    test(`gets through a megabyte of ${title}`, () => {
      expect(readRecord(base64(content)).length).toBeGreaterThan(0);
    });
  }
});

function withoutSeparators(text: string): string {
  return text.replaceAll(/\\[nr]|[ \r\n]/g, '');
}

describe('writeRecord', () => {
  test('puts lines into one record that reads back as these lines', () => {
    const record = writeRecord(['{"a":"é"}\n', '{"b":2}\n']);

    expect(Buffer.from(record, 'base64').toString()).toBe('{"a":"é"}\n{"b":2}\n');
    expect(readRecord(record).map((entry) => entry.text)).toEqual(['{"a":"é"}', '{"b":2}']);
  });
});
