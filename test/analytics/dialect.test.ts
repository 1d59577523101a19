import { integerLiteral, literal } from '../../analytics/dialect';
import { type AccessDatabase, accessDatabase } from '../support/access-table';
import { functionsIn, grammarErrors } from '../support/trino-grammar';

describe('a literal', () => {
  test('keeps quotes inside', () => {
    expect(literal("O'Brien'); drop table x; --")).toBe("'O''Brien''); drop table x; --'");
  });

  test('refuses a NUL, which would end it early', () => {
    expect(() => literal('a\0b')).toThrow('NUL');
  });

  test('of a number is a whole one', () => {
    expect(integerLiteral(-3)).toBe('-3');
    expect(() => integerLiteral(Number.NaN)).toThrow('not a whole number: NaN');
    expect(() => integerLiteral(0.5)).toThrow('not a whole number: 0.5');
  });
});

describe("Trino's grammar", () => {
  test.each([
    'select status from access qualify row_number() over () = 1',
    "select status from access where path ilike '%a%'",
    'select status::double from access',
    'select * exclude (path) from access',
    'select status from access limit 10 offset 5',
  ])('refuses %s', (statement) => {
    expect(grammarErrors(statement)).not.toEqual([]);
  });

  test.each(["O'Brien", "\\' or 1 = 1 --", '日本語\n"'])('takes %j as a literal', (text) => {
    expect(grammarErrors(`select ${literal(text)} as word`)).toEqual([]);
  });

  test('tells the functions of a statement from its words', () => {
    const statement = `with x as (select 1)
      select Lower(path), count(*) filter (where status in (1, 2)) from access
      join (values (1)) as v (n) on quantile_cont (n, 1) = 1`;

    expect(functionsIn(statement)).toEqual(['lower', 'count', 'quantile_cont']);
  });
});

// What Trino's documentation says that each gives.
describe("Trino's functions in DuckDB", () => {
  let database: AccessDatabase;
  beforeAll(async () => {
    database = await accessDatabase([]);
  });
  afterAll(() => database.close());

  const morning = "timestamp '2026-11-09 08:05:03.250'";
  test.each([
    [`date_format(${morning}, '%Y-%m-%d %H:%i:%s')`, '2026-11-09 08:05:03'],
    [
      `date_format(${morning}, '%W, %e. %M %Y, %k:%i, %T')`,
      'Monday, 9. November 2026, 8:05, 08:05:03',
    ],
    [`date_add('day', -9, ${morning})`, '2026-10-31T08:05:03.250Z'],
    [`date_add('month', 1, timestamp '2027-01-31 00:00:00')`, '2027-02-28T00:00:00.000Z'],
    [`date_add('hour', 30, ${morning})`, '2026-11-10T14:05:03.250Z'],
    ["date_diff('hour', timestamp '2026-11-09 09:59:00', timestamp '2026-11-09 10:01:00')", 0],
    ["date_diff('day', timestamp '2026-11-09 12:00:00', timestamp '2026-11-11 11:00:00')", 1],
    ['from_unixtime(1795166060)', '2026-11-20T09:14:20.000Z'],
    ["from_iso8601_timestamp('2026-11-20T10:14:20+01:00')", '2026-11-20T09:14:20.000Z'],
    [`day_of_week(${morning})`, 1],
    [`day_of_month(${morning})`, 9],
    [`day_of_year(${morning})`, 313],
    ["regexp_like('/prod/pets/7', '/pets/\\d+$')", true],
    ["regexp_like('/prod/pets', '^pets')", false],
    [`json_extract_scalar('{"a": {"b": 7}}', '$.a.b')`, '7'],
    [`json_extract_scalar('{"a": {"b": 7}}', '$.a')`, null],
    [`json_extract_scalar('{"a": 1}', '$.b')`, null],
    ["array_join(split('a/b/c', '/'), '-')", 'a-b-c'],
    ["element_at(split('a/b/c', '/'), 2)", 'b'],
    ["element_at(split('a/b/c', '/'), -1)", 'c'],
    ["element_at(split('a/b/c', '/'), 4)", null],
    ["cardinality(split('a/b/c', '/'))", 3],
    ['greatest(1, 2)', 2],
    ['greatest(1, null)', null],
    ['least(1, 2)', 1],
    ['truncate(-2.7e0)', -2],
  ])('%s is %j', async (expression, expected) => {
    const [row] = await database.rows(`select ${expression} as it`);

    expect(row).toEqual({ it: expected });
    expect(grammarErrors(`select ${expression} as it`)).toEqual([]);
  });

  test('what is not there is refused by its name', async () => {
    await expect(database.rows("select url_extract_host('https://a.example')")).rejects.toThrow(
      'url_extract_host',
    );
    await expect(database.rows(`select date_add('fortnight', 1, ${morning})`)).rejects.toThrow(
      'unknown unit fortnight',
    );
  });
});
