import fc from 'fast-check';
import { readFlatLine } from '../../../../lambda/core/record/flat-line';
import { tokenOf } from '../../../../lambda/core/record/log-line';
import { hostileContent } from '../../../support/hostile-records';

/** Names and values in the order of the text, as written. */
function membersOf(json: string): (readonly [string, string])[] | undefined {
  const line = readFlatLine(json);
  return line?.members.map((member) => [member.name, tokenOf(line, member)]);
}

describe('a flat line', () => {
  test('is read into its members, with blanks where JSON has them', () => {
    expect(membersOf('{ "a" : "b" ,\t"é":-70,"":"" , "z":0 }')).toEqual([
      ['a', '"b"'],
      ['é', '-70'],
      ['', '""'],
      ['z', '0'],
    ]);
  });

  test('keeps both of two members with one name', () => {
    expect(membersOf('{"a":1,"a":2}')).toEqual([
      ['a', '1'],
      ['a', '2'],
    ]);
  });

  test('has its own names, whatever those of the line before are', () => {
    const lines = ['{"ab":1,"c":2}', '{"a":1,"cd":2}', '{"ab":1}', '{"abc":1,"c":2,"d":3}'];

    expect(
      lines.map((json) =>
        membersOf(json)
          ?.map(([name]) => name)
          .join(),
      ),
    ).toEqual(['ab,c', 'a,cd', 'ab', 'abc,c,d']);
  });

  test('ends at its brace, without the line break behind it', () => {
    expect(readFlatLine('{"a":1} \r\n')?.text).toBe('{"a":1}');
  });

  const others = [
    '',
    '{}',
    '[]',
    ' {"a":1}',
    '{"a":1',
    '{"a":1,}',
    '{"a":1}{"a":1}',
    '{"a":1}\u00a0',
    '{"a":\n1}',
    '{"a":1.5}',
    '{"a":1e5}',
    '{"a":01}',
    '{"a":-}',
    '{"a":null}',
    '{"a":{}}',
    '{"a":"\\n"}',
    '{"\\u0061":1}',
    '{"a":"\n"}',
    '{"a":"b',
    '{"a"',
    '{"a":',
    '{a:1}',
    "{'a':1}",
  ];
  for (const json of others) {
    test(`${JSON.stringify(json)} is none`, () => {
      expect(readFlatLine(json)).toBeUndefined();
    });
  }

  test('is what JSON.parse reads, too', () => {
    fc.assert(
      fc.property(hostileContent, (content) => {
        const json = content.toString();
        const line = readFlatLine(json);
        if (!line) return;
        const parsed = line.members.map(({ name, valueStart, end }) => [
          name,
          JSON.parse(line.text.slice(valueStart, end)),
        ]);
        expect(JSON.parse(json)).toEqual(Object.fromEntries(parsed));
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 2_000) },
    );
  }, 600_000);
});
