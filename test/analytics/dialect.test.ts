import { integerLiteral, literal, timestampLiteral } from '../../analytics/dialect';

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
