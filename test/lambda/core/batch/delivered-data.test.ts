import fc from 'fast-check';
import { DeliveredData } from '../../../../lambda/core/batch/delivered-data';
import { scratch } from '../../../../lambda/core/bytes/scratch';

/** Adds a line as text, or as a fast path does. */
function add(data: DeliveredData, line: string, isWritten: boolean): void {
  if (isWritten) data.endLine(data.at + scratch.write(line, data.at));
  else data.addLine(line);
}

const contentOf = ({ data }: { readonly data: string }) => Buffer.from(data, 'base64').toString();

const short = fc.string({ unit: 'grapheme', maxLength: 40 });
const long = fc.string({ unit: 'grapheme', maxLength: 60_000 });
const line = fc.tuple(fc.oneof({ weight: 9, arbitrary: short }, long), fc.boolean());
const record = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 20 }),
  isDelivered: fc.boolean(),
});

describe('delivered data', () => {
  test('is that of each record by itself, and nothing of those that never ended', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), (records) => {
        const data = new DeliveredData();
        const results: { data: string }[] = [];
        const expected: string[] = [];
        for (const { lines, isDelivered } of records) {
          const text = lines.map(([line]) => line).join('');
          data.begin();
          for (const [line, isWritten] of lines) add(data, line, isWritten && line.length < 1_000);

          expect(data.lines).toBe(lines.length);
          expect(data.base64Length).toBe(4 * Math.ceil(Buffer.byteLength(text) / 3));
          if (!isDelivered) continue;
          const result = { data: '' };
          data.endRecord(result);
          results.push(result);
          expected.push(Buffer.from(text).toString('base64'));
        }
        data.end();

        expect(results.map((result) => result.data)).toEqual(expected);
      }),
    );
  });

  test('may be that of many lines', () => {
    const data = new DeliveredData();
    const result = { data: '' };
    for (let index = 0; index < 10_000; index++) add(data, '{"a":"é"}\n', index % 2 === 0);
    data.endRecord(result);
    data.end();

    expect(contentOf(result)).toBe('{"a":"é"}\n'.repeat(10_000));
  });
});
