import { documentParts } from '../../../../lambda/core/output/document';

const partsOf = (...paths: string[]) => documentParts(paths, (key, path) => ({ key, path }));

describe('documentParts', () => {
  test('nests members by their paths, in the order of the names', () => {
    expect(partsOf('b.y', 'a', 'b.x.deep', '@c')).toEqual([
      { key: '"@c":', path: '@c' },
      { key: '"a":', path: 'a' },
      { opens: '"b":' },
      { opens: '"x":' },
      { key: '"deep":', path: 'b.x.deep' },
      { closes: true },
      { key: '"y":', path: 'b.y' },
      { closes: true },
    ]);
  });

  test('quotes names as JSON does', () => {
    expect(partsOf('a"b')).toEqual([{ key: '"a\\"b":', path: 'a"b' }]);
  });
});
