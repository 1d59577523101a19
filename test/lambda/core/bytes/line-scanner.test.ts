import fc from 'fast-check';
import { LineScanner } from '../../../../lambda/core/bytes/line-scanner';
import type { LineShape } from '../../../../lambda/core/bytes/line-shape';
import { scratch } from '../../../../lambda/core/bytes/scratch';
import { Names } from '../../../../lambda/core/names';
import { valuesOf } from '../../../../lambda/core/record/line-values';
import { tokenOf } from '../../../../lambda/core/record/log-line';
import { readLogLine } from '../../../../lambda/core/record/read-log-line';
import { fuzzRuns } from '../../../support/fuzz-runs';
import { hostileContent } from '../../../support/hostile-records';
import { nestedLine } from '../../../support/nested-lines';

type Content = string | Uint8Array;

function put(content: Content): number {
  const bytes = Buffer.from(content);
  // Whatever was there before must not matter.
  scratch.fill('"x",1}', 0, bytes.length + 100);
  return bytes.copy(scratch);
}

const scannerOfTable = () => new LineScanner(Names.ofTable);

/** The values of the line that was scanned last, as they are written. */
function tokensOf(shape: LineShape): [string, string][] {
  return shape.names.map((name, value) => [
    name,
    scratch.toString('utf8', shape.startOf(value), shape.endOf(value)),
  ]);
}

/** The same as the reader of texts finds it. */
function tokensIn(content: Content): [string, string][] | undefined {
  const line = readLogLine(Buffer.from(content).toString());
  return (
    line &&
    valuesOf(line, Names.ofTable).map((value) => [value.name, tokenOf(line, value)] as const)
  )?.map(([name, token]) => [name, token]);
}

const line = '{"stage":"prod", "n" : -7,"uri":"\\"é\\"" }';

describe('the shape of a line', () => {
  test('is that of another line with the same names, and tells its values', () => {
    const scanner = scannerOfTable();
    const shape = scanner.scan(0, put(line));
    const other = '{"stage":"", "n" : "犬","uri":0 }';

    expect(scanner.scan(0, put(`${other}\r\n`))).toBe(shape);
    expect(shape && tokensOf(shape)).toEqual([
      ['stage', '""'],
      ['n', '"犬"'],
      ['uri', '0'],
    ]);
    expect(shape?.isAscii).toBe(false);
    expect(scratch[shape?.close ?? 0]).toBe('}'.charCodeAt(0));
    expect(shape?.close).toBe(Buffer.byteLength(other) - 1);
  });

  for (const value of [
    '-7.5',
    '1E+9',
    'null',
    'true',
    'false',
    '"\\u00e9"',
    '{ }',
    '[1,{"a":["x"]}]',
  ]) {
    test(`is the same with ${value}`, () => {
      const scanner = scannerOfTable();
      const shape = scanner.scan(0, put(line));

      expect(scanner.scan(0, put(line.replace('-7', value)))).toBe(shape);
      expect(shape && tokensOf(shape)[1]).toEqual(['n', value]);
    });
  }

  for (const [title, other] of [
    ['another name', line.replace('stage', 'stake')],
    ['another order', '{"n" : -7, "stage":"prod","uri":"x" }'],
    ['a member less', '{"stage":"prod", "n" : -7 }'],
    ['a member more', line.replace(' }', ',"a":"b" }')],
    ['other blanks', line.replaceAll(' ', '')],
  ] as const) {
    test(`is not that of a line with ${title}, which has one of its own`, () => {
      const scanner = scannerOfTable();
      const shape = scanner.scan(0, put(line));
      const another = scanner.scan(0, put(other));

      expect(another && tokensOf(another)).toEqual(tokensIn(other));
      expect(another).not.toBe(shape);
      expect(scanner.scan(0, put(line))).toBe(shape);
    });
  }

  for (const [title, other] of [
    ['a leading zero', line.replace('-7', '07')],
    ['half a fraction', line.replace('-7', '7.')],
    ['half a literal', line.replace('-7', 'nul')],
    ['a control character', line.replace('prod', '\t')],
    ['an escape at the start that may stand for a dash', line.replace('prod', '\\u002d')],
    ['an unknown escape', line.replace('prod', 'p\\x')],
    ['half of a surrogate pair', line.replace('prod', 'p\\ud800')],
    ['an end that is missing', line.slice(0, -1)],
    ['more behind its end', `${line}{}`],
    ['a list that is none', line.replace('-7', '[1,]')],
    ['an object that is none', line.replace('-7', '{"a"}')],
    ['brackets that do not match', line.replace('-7', '[{"a":1]}')],
    ['a secret in an object', line.replace('-7', '{"x-api-key":"s"}')],
    ['half of a secret name in an object', line.replace('-7', '{"a":{"api":{"Key":"s"}}}')],
    ['an escape in a nested name', line.replace('-7', '{"\\u006bey":"s"}')],
    ['a break within', line.replace(', ', ',\n')],
    ['a name beyond ASCII', '{"é":"b"}'],
    ['no member', '{}'],
    ['bytes that are no UTF-8', Buffer.from(line.replace('prod', 'ÿ'), 'latin1')],
  ] as const) {
    test(`is none of a line with ${title}`, () => {
      const scanner = scannerOfTable();
      expect(scanner.scan(0, put(other))).toBeUndefined();
      expect(scanner.scan(0, put(line))).toBeDefined();
      expect(scanner.scan(0, put(other))).toBeUndefined();
    });
  }

  test('has the members of objects that hold fields, each for itself', () => {
    const json = '{"context":{"identity":{"sourceIp":"::1"},"o":{"a":1}} ,"claims":{"stage":"x"}}';
    const shape = scannerOfTable().scan(0, put(json));

    expect(shape && tokensOf(shape)).toEqual([
      ['context.identity.sourceIp', '"::1"'],
      ['context.o', '{"a":1}'],
      ['claims', '{"stage":"x"}'],
    ]);
    expect(scratch[shape?.close ?? 0]).toBe('}'.charCodeAt(0));
  });

  test('is not usual with a name written twice, or a secret in what is a value as a whole', () => {
    const isUsual = (json: string) => scannerOfTable().scan(0, put(json))?.isUsual;

    expect(isUsual(line)).toBe(true);
    expect(isUsual('{"a":"b","a":"b"}')).toBe(false);
    expect(isUsual('{"context":{"stage":1},"context.stage":1}')).toBe(false);
    expect(isUsual('{"context":{"xApiKey":"s"}}')).toBe(false);
  });

  test('may ask for plain values', () => {
    const scanner = scannerOfTable();
    const shape = scanner.scan(0, put(line));
    shape?.requirePlain(0);

    expect(shape?.isPlain()).toBe(true);
    for (const value of ['7', 'null', '"é"', '"a\\"b"', `"${'x'.repeat(129)}"`]) {
      expect(scanner.scan(0, put(line.replace('"prod"', value)))?.isPlain()).toBe(false);
    }
  });

  test('is not plain with an object where a plain value was', () => {
    const scanner = scannerOfTable();
    scanner.scan(0, put('{"identity":"k1"}'));
    const shape = scanner.scan(0, put('{"identity":{"a":1}}'));
    shape?.requirePlain(0);

    expect(shape && tokensOf(shape)).toEqual([['identity', '{"a":1}']]);
    expect(shape?.isPlain()).toBe(false);
  });

  // Enough to say what share is scanned.
  const numRuns = Math.max(300, fuzzRuns(2_000));

  test('is that of no line which JSON.parse would read otherwise', () => {
    const scanner = scannerOfTable();
    let scanned = 0;
    fc.assert(
      fc.property(hostileContent, (content) => {
        const length = put(content);
        for (let from = 0; from < length; ) {
          const shape = scanner.scan(from, length);
          if (!shape) return;
          scanned++;
          const json = Buffer.from(content).subarray(from, shape.close + 1);
          const text = new TextDecoder('utf-8', { fatal: true }).decode(json);
          expect(() => JSON.parse(text)).not.toThrow();
          expect(tokensOf(shape)).toEqual(tokensIn(json));
          from = shape.next;
        }
      }),
      { numRuns },
    );
    expect(scanned).toBeGreaterThan(numRuns / 10);
  });

  test('has the values that the reader of texts finds, whatever stood there before', () => {
    const scanner = scannerOfTable();
    let scanned = 0;
    fc.assert(
      fc.property(nestedLine, (json) => {
        const shape = scanner.scan(0, put(json));
        if (!shape) return;
        scanned++;
        expect(tokensOf(shape)).toEqual(tokensIn(json));
      }),
      { numRuns },
    );
    expect(scanned).toBeGreaterThan(numRuns / 3);
  });

  test('is the same in every turn of lines that come again and again', () => {
    const series = fuzzRuns(200);
    let scanned = 0;
    fc.assert(
      fc.property(
        fc.array(nestedLine, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(9)), { minLength: 12, maxLength: 24 }),
        (lines, turns) => {
          const scanner = scannerOfTable();
          for (const [line, shift] of turns) {
            const json = withOtherDigits(lines[line % lines.length] as string, shift);
            const fresh = scannerOfTable().scan(0, put(json));
            const shape = scanner.scan(0, put(json));
            for (const value of fresh?.names.keys() ?? []) {
              fresh?.requirePlain(value);
              shape?.requirePlain(value);
            }
            expect(shape?.names).toEqual(fresh?.names);
            expect(shape?.isPlain()).toBe(fresh?.isPlain());
            expect(shape?.isAscii).toBe(fresh && /^[\0-\x7f]*$/.test(json));
            if (!shape) continue;
            scanned++;
            expect(tokensOf(shape)).toEqual(tokensIn(json));
          }
        },
      ),
      { numRuns: series },
    );
    expect(scanned).toBeGreaterThan(series);
  });
});

function withOtherDigits(json: string, shift: number): string {
  return json.replace(/\d/g, (digit) => String((Number(digit) + shift) % 10));
}
