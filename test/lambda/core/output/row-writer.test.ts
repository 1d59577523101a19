import fc from 'fast-check';
import { LineScanner } from '../../../../lambda/core/bytes/line-scanner';
import type { LineShape } from '../../../../lambda/core/bytes/line-shape';
import { OUTPUT_START, scratch, wordsOfCopy } from '../../../../lambda/core/bytes/scratch';
import { columns } from '../../../../lambda/core/fields';
import { Names } from '../../../../lambda/core/names';
import { columnConfig, columnIndex } from '../../../../lambda/core/output/columns';
import type { Layout, Part } from '../../../../lambda/core/output/layout';
import { stepsOf } from '../../../../lambda/core/output/row-steps';
import { RowWriter, sizedText } from '../../../../lambda/core/output/row-writer';
import { ScannedColumns } from '../../../../lambda/core/output/scanned-columns';

const config = columnConfig(
  { usagePlanField: 'usage_plan', customerNameField: 'customer_name', apiKeyValues: 'keep' },
  ({ epochMs }) => String(epochMs),
);

/** Writes lines of one shape as these parts say, with the texts of their attribution. */
function writerOf(first: string, parts: readonly Part[]) {
  const layout: Layout = { config, conversions: [], parts };
  const scanner = new LineScanner(Names.ofTable);
  const shape = scanner.scan(0, scratch.write(first)) as LineShape;
  const columns = ScannedColumns.of(shape, layout) as ScannedColumns;
  const writer = new RowWriter(columns, stepsOf(layout, columns));
  return (line: string, texts: readonly string[] = [], arrivedAt = 0) => {
    expect(scanner.scan(0, scratch.write(line))).toBe(shape);
    columns.read();
    const attribution = wordsOfCopy(Buffer.from(texts.map(sizedText).join('')));
    const end = writer.write(OUTPUT_START, attribution, 0, arrivedAt);
    return end === undefined ? undefined : scratch.toString('utf8', OUTPUT_START, end);
  };
}

function write(
  line: string,
  parts: readonly Part[],
  texts?: readonly string[],
  arrivedAt?: number,
) {
  return writerOf(line, parts)(line, texts, arrivedAt);
}

const status = { key: '"status":', index: columnIndex('status') };
const path = { key: '"path":', index: columnIndex('path') };
const closes = { closes: true } as const;

describe('a row', () => {
  test('has values in the order of its parts, as their columns write them', () => {
    expect(write('{"path":"/é","status":"200"}', [status, path])).toBe(
      '{"status":200,"path":"/é"}\n',
    );
  });

  test('leaves out objects in which nothing has a value', () => {
    const parts = [{ opens: '"a":' }, status, { opens: '"b":' }, path, closes, closes];

    expect(write('{"status":"-","path":"/"}', parts)).toBe('{"a":{"b":{"path":"/"}}}\n');
    expect(write('{"status":"200","path":"-"}', parts)).toBe('{"a":{"status":200}}\n');
    expect(write('{"status":"-","path":"-"}', parts)).toBe('{}\n');
  });

  test('has what is always the same in objects that have nothing else', () => {
    const always = { key: '"always":', derive: () => '1' };
    const parts = [
      { opens: '"a":' },
      { opens: '"b":' },
      status,
      closes,
      always,
      closes,
      { opens: '"c":' },
      always,
      closes,
      path,
    ];

    expect(write('{"status":"-"}', parts)).toBe('{"a":{"always":1},"c":{"always":1}}\n');
    expect(write('{"status":"200","path":"/"}', parts)).toBe(
      '{"a":{"b":{"status":200},"always":1},"c":{"always":1},"path":"/"}\n',
    );
  });

  test('of which any values are left out has the others', () => {
    const indexes = columns.filter(({ type }) => type === 'string').slice(0, 40);
    // So many texts between two values of long names that not all of them are kept.
    const nameOf = (column: string) => column.padEnd(150, '_');
    const parts = indexes.map(({ column }) => ({
      key: `"${nameOf(column)}":`,
      index: columnIndex(column),
    }));
    const lineOf = (isSaid: (column: string) => boolean) =>
      indexes.map(({ column }) => [column, isSaid(column) ? `${column}!` : '-']);
    const writer = writerOf(JSON.stringify(Object.fromEntries(lineOf(() => true))), parts);

    fc.assert(
      fc.property(fc.subarray(indexes.map(({ column }) => column)), (said) => {
        const line = JSON.stringify(Object.fromEntries(lineOf((column) => said.includes(column))));
        const row = said.map((column) => [nameOf(column), `${column}!`]);
        expect(writer(line)).toBe(`${JSON.stringify(Object.fromEntries(row))}\n`);
      }),
      { numRuns: 1_000 },
    );
  });

  test('writes null where a part asks for it', () => {
    expect(write('{"status":"-"}', [{ ...status, writesNull: true }, path])).toBe(
      '{"status":null}\n',
    );
  });

  test('has what is derived of a line, of nothing, and of the time of arrival', () => {
    const parts: Part[] = [
      { key: '"a":', derive: () => '"always"' },
      {
        key: '"b":',
        derive: (line) => (line.has(path.index) ? `"of ${line.text(path.index)}"` : undefined),
      },
      { key: '"c":', derive: (_, arrivedAt) => String(arrivedAt), varies: true },
    ];

    expect(write('{"path":"/x"}', parts, [], 7)).toBe('{"a":"always","b":"of /x","c":7}\n');
    expect(write('{"path":"-"}', parts, [], 8)).toBe('{"a":"always","c":8}\n');
  });

  test('has the texts of its attribution where their parts stand', () => {
    const part: Part = { attributed: () => '' };

    expect(write('{"path":"/"}', [part, path, part], ['"plan":"Gold",', '"tier":1,'])).toBe(
      '{"plan":"Gold","path":"/","tier":1}\n',
    );
    const long = `"plan":"${'é'.repeat(20_000)}",`;
    expect(write('{"path":"/"}', [part, path, part], [long, ''])).toBe(`{${long}"path":"/"}\n`);
  });

  test('keeps what no column has room for as the text of an object', () => {
    expect(write('{"status":"abc","my":"a\\"b"}', [status, { extraKey: '"extra":' }])).toBe(
      `{"extra":${JSON.stringify('{"my":"a\\"b","status":"abc"}')}}\n`,
    );
  });

  test('has the line itself as text', () => {
    const line = '{"path":"/\\u00e9",\t"n":{"a":[1]}}';

    expect(write(`${line} `, [{ originalKey: '"original":' }])).toBe(
      `{"original":${JSON.stringify(line)}}\n`,
    );
  });

  test('is none where it grows too long', () => {
    const line = JSON.stringify({ path: 'x'.repeat(30_000) });
    const parts = Array.from({ length: 20 }, (_, index) => ({ ...path, key: `"p${index}":` }));

    expect(write(line, parts)).toBeUndefined();
  });
});
