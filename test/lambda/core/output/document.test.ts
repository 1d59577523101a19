import { documentWriter } from '../../../../lambda/core/output/document';

describe('documentWriter', () => {
  const write = documentWriter(
    new Map([
      ['b.y', 0],
      ['a', 1],
      ['b.x.deep', 2],
      ['@c', 3],
    ]),
  );

  test('nests tokens by their paths, in the order of the names', () => {
    expect(write(['1', '"2"', '[3]', '{}'])).toBe('{"@c":{},"a":"2","b":{"x":{"deep":[3]},"y":1}}');
  });

  test('leaves out what is absent or null, and objects without a member', () => {
    expect(write([undefined, 'null', undefined, '0'])).toBe('{"@c":0}');
    expect(write(['1'])).toBe('{"b":{"y":1}}');
    expect(write([])).toBe('{}');
  });

  test('puts two paths of one place in both', () => {
    const writeTwice = documentWriter(
      new Map([
        ['a.x', 0],
        ['a.y', 0],
      ]),
    );

    expect(writeTwice(['1'])).toBe('{"a":{"x":1,"y":1}}');
  });
});
