import { explainedStatement, sqlFault } from '../../../cli/report/user-statement';

describe('what is explained', () => {
  test.each([
    ['explain select 1', '        select 1'],
    ['EXPLAIN ANALYZE\nselect 1', '               \nselect 1'],
    ['explain (format json) values (1)', '                      values (1)'],
    ['-- é\nexplain (select 1)', '     \n        (select 1)'],
    ['explain\n(from access)', '       \n(from access)'],
  ])('of %j stays at its place', (sql, expected) => {
    expect(explainedStatement(sql)).toBe(expected);
  });

  test.each(['select 1', 'select explain from x', 'explained', ''])('is nothing in %j', (sql) => {
    expect(explainedStatement(sql)).toBeUndefined();
  });
});

test('the place of a fault is left out where the engine names none', () => {
  expect(sqlFault('select', new Error('Parser Error: at the end\n\nmore'))).toBe(
    'the SQL is wrong: Parser Error: at the end',
  );
});
