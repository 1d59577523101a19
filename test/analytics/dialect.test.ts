import { integerLiteral, literal, timestampLiteral } from '../../analytics/dialect';
import { functionsIn, grammarErrors } from '../support/trino-grammar';

describe('a literal', () => {
  test('keeps quotes inside', () => {
    expect(literal("O'Brien'); drop table x; --")).toBe("'O''Brien''); drop table x; --'");
  });

  test('refuses a NUL, which would end it early', () => {
    expect(() => literal('a\0b')).toThrow('NUL');
  });

  test('of a time is in UTC', () => {
    expect(timestampLiteral(Date.parse('2026-11-25T22:40:21.5Z'))).toBe(
      "timestamp '2026-11-25 22:40:21.500'",
    );
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
