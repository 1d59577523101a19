import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, sqlFault } from '../../../cli/report/duckdb';
import { RowReader, sourceOf } from '../../support/read-rows';

let reader: RowReader;
let engine: Engine;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engine-'));
  reader = new RowReader();
  const lines = [1, 2, 3].map(
    (id) => `{"request_id":"${id}","request_time_epoch":"179516606000${id}"}\n`,
  );
  engine = await reader.open(await reader.ingest([sourceOf('x', lines.join(''), 'v1')]));
});
afterAll(() => {
  engine.close();
  reader.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a query of one’s own', () => {
  test('gives rows with numbers as numbers', async () => {
    const { columns, rows } = await engine.queryOfUser(
      "select count(*) as n, sum(request_time_epoch), 1.5, 'x', null, min(request_time) from access",
    );

    expect(columns[0]).toBe('n');
    expect(rows).toEqual([[3, 3 * 1_795_166_060_002, 1.5, 'x', null, '2026-11-20T09:14:20.001Z']]);
  });

  test.each([
    'drop view access',
    'create table x (a int)',
    'insert into access (status) values (1)',
    '/* a; */ update access set status = 1',
    'delete from requests',
    "copy (select 1) to 'x.csv'",
    'set threads = 1',
    "attach 'x.db'",
    'install httpfs',
    'select 1; select 2',
  ])('does not change anything: %s', async (sql) => {
    await expect(engine.queryOfUser(sql)).rejects.toThrow(
      /expected a SELECT|expected one SQL|disabled by configuration/,
    );
  });

  test.each([
    (file: string) => `select * from read_csv('${file}')`,
    (file: string) => `select * from read_text('${file}')`,
    (file: string) => `select * from '${file}'`,
    (file: string) => `select * from glob('${file}*')`,
    () => "select * from read_csv('https://example.com/x.csv')",
  ])('reaches no file and no network (%#)', async (sqlOf) => {
    const file = join(folder, 'secret.csv');
    writeFileSync(file, 'a\n1\n');

    await expect(engine.queryOfUser(sqlOf(file))).rejects.toThrow(
      /disabled by configuration|not authorized|httpfs|extension/i,
    );
  });

  test('that is wrong is told in one line, with the place', async () => {
    const sql = 'select\n  request_idd\nfrom access';
    const error = await engine.queryOfUser(sql).catch((caught: Error) => caught);

    expect((error as Error).message).toMatch(
      /^the SQL is wrong at line 2, column 3: .*"request_idd".*$/,
    );
    expect((error as Error).message).not.toContain('\n');
  });
});

describe('the place of a fault', () => {
  test('is found in a long line, of which a part is shown', async () => {
    const sql = `select ${'request_id, '.repeat(60)}nope from access`;
    const error = await engine.queryOfUser(sql).catch((caught: Error) => caught);

    expect((error as Error).message).toContain(`column ${sql.indexOf('nope') + 1}:`);
  });

  test('is left out where the engine names none', () => {
    expect(sqlFault('select', new Error('Parser Error: at the end\n\nmore'))).toBe(
      'the SQL is wrong: Parser Error: at the end',
    );
  });
});
