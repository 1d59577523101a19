import fc from 'fast-check';
import { scratch } from '../../../../lambda/core/bytes/input';
import { LineShape } from '../../../../lambda/core/bytes/line-shape';
import { Names } from '../../../../lambda/core/names';
import { hostileContent } from '../../../support/hostile-records';

function put(content: string | Uint8Array): number {
  const bytes = Buffer.from(content);
  // Whatever was there before must not matter.
  scratch.fill('"x",1}', 0, bytes.length + 100);
  return bytes.copy(scratch);
}

function learn(content: string | Uint8Array): LineShape | undefined {
  return LineShape.learn(Buffer.from(content).toString('latin1'), Names.ofTable);
}

/** The values as they are written. */
function valuesOf(shape: LineShape): [string, string][] {
  return shape.names.map((name, value) => [
    name,
    scratch.toString('utf8', shape.startOf(value), shape.endOf(value)),
  ]);
}

const line = '{"stage":"prod", "n" : -7,"uri":"\\"é\\"" }';

describe('the shape of a line', () => {
  test('is that of another line with the same names, and tells its values', () => {
    const shape = learn(line);
    const other = '{"stage":"", "n" : "犬","uri":0 }';

    expect(shape?.fits(put(`${other}\r\n`))).toBe(true);
    expect(shape && valuesOf(shape)).toEqual([
      ['stage', '""'],
      ['n', '"犬"'],
      ['uri', '0'],
    ]);
    expect(scratch[shape?.close ?? 0]).toBe('}'.charCodeAt(0));
    expect(shape?.close).toBe(Buffer.byteLength(other) - 1);
  });

  for (const [title, other] of [
    ['another name', line.replace('stage', 'stake')],
    ['another order', '{"n" : -7, "stage":"prod","uri":"x" }'],
    ['a member less', '{"stage":"prod", "n" : -7 }'],
    ['a member more', line.replace(' }', ',"a":"b" }')],
    ['other blanks', line.replaceAll(' ', '')],
    ['a fraction', line.replace('-7', '-7.5')],
    ['a leading zero', line.replace('-7', '07')],
    ['a literal', line.replace('-7', 'null')],
    ['a nested object', line.replace('-7', '{}')],
    ['a control character', line.replace('prod', '\t')],
    ['an escape at the start that may stand for a dash', line.replace('prod', '\\u002d')],
    ['an unknown escape', line.replace('prod', 'p\\x')],
    ['an end that is missing', line.slice(0, -1)],
    ['more behind its end', `${line}{}`],
    ['bytes that are no UTF-8', Buffer.from(line.replace('prod', 'ÿ'), 'latin1')],
  ] as const) {
    test(`is not that of a line with ${title}`, () => {
      const shape = learn(line);

      expect(shape?.fits(put(line))).toBe(true);
      expect(shape?.fits(put(other))).toBe(false);
    });
  }

  test('may ask for plain values', () => {
    const shape = learn(line);
    shape?.requirePlain(0);

    expect(shape?.fits(put(line))).toBe(true);
    for (const value of ['7', '"é"', '"a\\"b"', `"${'x'.repeat(129)}"`]) {
      expect(shape?.fits(put(line.replace('"prod"', value)))).toBe(false);
    }
  });

  for (const [title, content] of [
    ['a name beyond ASCII', '{"é":"b"}'],
    ['a name written twice', '{"a":"b","a":"b"}'],
    ['a name written twice, once with an escape', '{"a":"b","\\u0061":"b"}'],
    ['no member', '{}'],
    ['a nested value', '{"a":[]}'],
    ['what breaks off', '{"a":"b"'],
  ] as const) {
    test(`is not learned from a line with ${title}`, () => {
      expect(learn(content)).toBeUndefined();
    });
  }

  test('is that of no line which JSON.parse would read otherwise', () => {
    const numRuns = Number(process.env['FUZZ_RUNS'] ?? 2_000);
    let fitting = 0;
    fc.assert(
      fc.property(hostileContent, hostileContent, fc.boolean(), (first, second, isSame) => {
        const shape = learn(first);
        const content = isSame ? first : second;
        if (!shape?.fits(put(content))) return;
        fitting++;
        const read = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
        const values = valuesOf(shape).map(([name, token]) => [name, JSON.parse(token)]);
        expect(Object.entries(read).sort()).toEqual(values.sort());
      }),
      { numRuns },
    );
    expect(fitting).toBeGreaterThan(numRuns / 10);
  }, 600_000);
});
