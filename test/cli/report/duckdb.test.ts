import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../../cli/report/duckdb';
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
    'pragma database_list',
    'call pragma_version()',
    'load json',
    'use memory',
    'checkpoint',
    'prepare x as select 1',
    'begin',
    'explain delete from requests',
    'show tables',
    'describe',
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
      /^expected a SELECT, got [A-Z]+: queries only read$|^expected one SQL statement, got 2$/,
    );
  });

  test.each([
    (file: string) => `select * from read_csv('${file}')`,
    (file: string) => `select * from read_text('${file}')`,
    (file: string) => `select * from '${file}'`,
    (file: string) => `select * from glob('${file}*')`,
    (file: string) => `from (select 1 where exists (from '${file}'))`,
    (file: string) => `explain select * from read_text('${file}')`,
    (file: string) => `explain analyze with a as (from read_blob('${file}')) from a`,
    (file: string) => `describe select * from '${file}'`,
    (file: string) => `summarize '${file}'`,
    () => "select * from read_csv('https://example.com/x.csv')",
  ])('reaches no file and no network (%#)', async (sqlOf) => {
    const file = join(folder, 'secret.csv');
    writeFileSync(file, 'a\n1\n');

    await expect(engine.queryOfUser(sqlOf(file))).rejects.toThrow(
      /^the SQL is wrong at line 1, column \d+: (?:no relation ".*", expected access or requests|\w+\(\) is not for queries, which read access and requests alone)$/,
    );
  });

  test.each([
    "select getenv('HOME')",
    "select current_setting('temp_directory')",
    "select count(*) filter (where getvariable('x') = 1) from access",
    'select * from duckdb_settings()',
    'select * from duckdb_secrets()',
    'select * from pragma_database_list()',
    "select * from query('select 1')",
    "select * from query_table('access')",
    'select * from information_schema.tables',
    'select * from duckdb_tables',
    'select * from repeated',
    'select * from main.access, memory.main.sqlite_master',
    'with a as (with duckdb_views as (select 1) from duckdb_views) from duckdb_views',
    'with recursive a as (select 1 union all from pg_class) from a',
    'pivot duckdb_views on view_name in (1) using count(*)',
  ])('tells nothing of the engine and the machine: %s', async (sql) => {
    await expect(engine.queryOfUser(sql)).rejects.toThrow(
      /^the SQL is wrong at line 1, column \d+: .*(no relation|is not for queries)/,
    );
  });

  test.each<[string, unknown]>([
    ['with a as (select status from access), b as (from a) select count(*) from B', 3],
    [
      'with recursive t as (select 1 as n union all select n + 1 from t where n < 5) select max(n) from t',
      5,
    ],
    ['(select count(*) from access)', 3],
    ['values (7)', 7],
    ['from requests select count(*);', 3],
    ['select count(*) from Access join "requests" using (request_id)', 3],
    ['select sum(x) from unnest([1, 2]) as t(x)', 3],
    ['select max(generate_series) from generate_series(1, 4)', 4],
    ['describe access', 'request_id'],
    ['summarize select status from access', 'status'],
    ["pivot (select status from access) on status in ('200') using count(*)", 0],
    ['/* why */ explain select 1', 'physical_plan'],
    ['explain (analyze, format json) select 1', 'analyzed_plan'],
  ])('may read with %s', async (sql, first) => {
    const { rows } = await engine.queryOfUser(sql);

    expect(rows.flat()).toContain(first);
  });

  test('that pivots needs its values', async () => {
    await expect(engine.queryOfUser('pivot access on stage using count(*)')).rejects.toThrow(
      'PIVOT cannot look for its values here: expected ON column IN (…)',
    );
  });

  test('that has too large a number is told in one line', async () => {
    await expect(
      engine.queryOfUser('select count(*) from access where status < 1e400'),
    ).rejects.toThrow(/^the SQL is wrong: a number in it is larger than any that can be told$/);
  });

  test.each([
    'select count(*) from range(1000000000000)',
    'with recursive t as (select 1 as n union all select n + 1 from t) select count(*) from t',
    'explain analyze select count(*) from range(1000000000000)',
    'select range from range(1000000000000) where range % 1000000 = 1',
  ])('that never ends is ended by its signal: %s', async (sql) => {
    const signal = AbortSignal.timeout(200);
    await expect(engine.queryOfUser(sql, signal)).rejects.toThrow();

    expect(signal.aborted).toBe(true);
    // And leaves the engine as it was.
    expect((await engine.queryOfUser('select count(*) from access')).rows).toEqual([[3]]);
  });

  test('that takes too much memory is told in one line', async () => {
    await expect(engine.queryOfUser('select list(range) from range(1000000000)')).rejects.toThrow(
      /^the statement needs more memory than the \d+ MB that it may take: expected fewer .*$/,
    );
  });

  test('with too long an answer is told in one line', async () => {
    await expect(
      engine.queryOfUser("select repeat('x', 1000000) from range(1000)"),
    ).rejects.toThrow('the answer is longer than 256 MiB: expected fewer rows, such as with LIMIT');
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

test('percentiles of few rows are exact', async () => {
  const { rows } = await engine.query(`
    select approx_percentile(n * n, array[0.5, 0.95, 0.99])
    from unnest(sequence(1, 1001)) as numbers (n)
  `);

  expect(rows).toEqual([[JSON.stringify([501, 951, 991].map((n) => n * n))]]);
});

describe('the place of a fault', () => {
  test('is found in a long line, of which a part is shown', async () => {
    const sql = `select ${'request_id, '.repeat(60)}nope from access`;
    const error = await engine.queryOfUser(sql).catch((caught: Error) => caught);

    expect((error as Error).message).toContain(`column ${sql.indexOf('nope') + 1}:`);
  });

  test('of a relation is the same behind EXPLAIN and characters of more bytes', async () => {
    const sql = "explain -- ä\nselect 'ü' from acces";
    const error = await engine.queryOfUser(sql).catch((caught: Error) => caught);

    expect((error as Error).message).toBe(
      'the SQL is wrong at line 2, column 17: no relation "acces"; did you mean access?',
    );
  });
});
