import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { ByteSource } from '../../../cli/parquet/byte-source';
import { type Column, MAX_GROUP_ROWS } from '../../../cli/parquet/column';
import { NumberColumn } from '../../../cli/parquet/number-column';
import { ParquetFile } from '../../../cli/parquet/parquet-file';
import { TextColumn } from '../../../cli/parquet/text-column';

const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Cell = string | null;

/** Writes groups of rows, each cell as a text or as bytes, whichever its turn is. */
function write(path: string, columns: readonly Column[], groups: readonly Cell[][][]): void {
  const file = new ParquetFile(path, columns);
  for (const rows of groups) {
    rows.forEach((cells, row) => {
      cells.forEach((cell, place) => {
        const bytes = Buffer.from(`"${cell}"`);
        if (cell === null) return;
        if ((row + place) % 2 === 0) columns[place]?.addText(row, cell);
        else columns[place]?.add(row, new ByteSource(bytes), 1, bytes.length - 1);
      });
    });
    file.addGroup(rows.length);
  }
  file.end();
}

/** The rows as DuckDB reads them, as text. */
async function read(path: string): Promise<Cell[][]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `select columns(lines.* exclude file_row_number)::varchar
    from read_parquet('${path}', file_row_number = true) as lines
    order by lines.file_row_number`,
  );
  const rows = reader.getRows() as Cell[][];
  connection.closeSync();
  instance.closeSync();
  return rows;
}

const cell = (values: fc.Arbitrary<string>) => fc.option(values, { freq: 4 });
const row = fc.tuple(
  cell(fc.constantFrom('GET', 'POST', '')),
  cell(fc.string({ unit: 'grapheme' })),
  cell(fc.integer({ min: 100, max: 599 }).map(String)),
  cell(fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }).map(String)),
);

test('another reader finds the rows that were written', async () => {
  let files = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(row, { minLength: 1 }), { maxLength: 3 }),
      async (groups) => {
        const path = join(folder, `${files++}.parquet`);
        const columns = [
          new TextColumn('method'),
          new TextColumn('path'),
          new NumberColumn('status', false),
          new NumberColumn('size', false),
        ];
        write(path, columns, groups);

        expect(await read(path)).toEqual(groups.flat());
      },
    ),
    { numRuns: 50 },
  );
});

test('a full group of many different texts, of few, of none, of moments', async () => {
  const path = join(folder, 'full.parquet');
  const columns = [
    new TextColumn('id'),
    new TextColumn('customer'),
    new TextColumn('nothing'),
    new NumberColumn('time', true),
  ];
  const rows = Array.from({ length: MAX_GROUP_ROWS }, (_, index): Cell[] => [
    `id-${index}`,
    index % 7 === 0 ? null : `customer ${index % 300}`,
    null,
    String(1795166060000 + index),
  ]);
  write(path, columns, [rows, rows.slice(0, 10)]);

  const found = await read(path);
  const times = found.map((cells) => new Date(`${cells[3]?.replace(' ', 'T')}Z`).getTime());
  const expected = [...rows, ...rows.slice(0, 10)];
  // Not the lists themselves: to tell two of this length apart takes minutes.
  const isAsWritten = (cells: Cell[], index: number) =>
    String([...cells.slice(0, 3), times[index]]) === String(expected[index]);
  expect(found).toHaveLength(expected.length);
  expect(found.findIndex((cells, index) => !isAsWritten(cells, index))).toBe(-1);
});

test('each group tells the range of its numbers', async () => {
  const path = join(folder, 'groups.parquet');
  const numbers = (first: number) =>
    Array.from({ length: 5000 }, (_, index): Cell[] => [String(first + index)]);
  write(path, [new NumberColumn('time', false)], [numbers(0), numbers(1_000_000)]);

  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const counted = await connection.runAndReadAll(
    `select count(*) from read_parquet('${path}') where time < 10`,
  );
  const statistics = await connection.runAndReadAll(
    `select stats_min_value, stats_max_value, stats_null_count from parquet_metadata('${path}')`,
  );
  connection.closeSync();
  instance.closeSync();

  expect(counted.getRows()).toEqual([[10n]]);
  expect(statistics.getRows()).toEqual([
    ['0', '4999', 0n],
    ['1000000', '1004999', 0n],
  ]);
});

test('a row that was taken back leaves nothing', async () => {
  const path = join(folder, 'undone.parquet');
  const columns = [
    new TextColumn('id'),
    new TextColumn('method'),
    new NumberColumn('status', false),
  ];
  const file = new ParquetFile(path, columns);
  // Enough for ids to do without a dictionary.
  const count = 5000;
  for (let row = 0; row < count; row++) {
    for (const attempt of ['undone', 'kept']) {
      columns[0]?.addText(row, `${attempt} ${row}`);
      if (attempt === 'kept' || row % 2 === 0) columns[1]?.addText(row, attempt);
      if (attempt === 'undone') for (const column of columns) column.undo(row);
      else columns[2]?.addText(row, String(row % 10));
    }
  }
  file.addGroup(count);
  file.end();

  const found = await read(path);
  const expected = Array.from({ length: count }, (_, row) => [
    `kept ${row}`,
    'kept',
    `${row % 10}`,
  ]);
  expect(found.map(String)).toEqual(expected.map(String));
});
