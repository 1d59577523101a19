import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LineShapes } from '../../../../lambda/core/bytes/line-shapes';
import { scratch } from '../../../../lambda/core/bytes/scratch';
import { Names } from '../../../../lambda/core/names';

/** Counts what is worked out for shapes; each is a number of its own. */
function countedShapes() {
  const made: WeakRef<object>[] = [];
  const shapes = new LineShapes(Names.ofTable, () => {
    const prepared = { number: made.length };
    made.push(new WeakRef(prepared));
    return prepared;
  });
  return {
    made,
    shapes,
    find: (line: string) => shapes.find(0, scratch.write(line)),
  };
}

const lineOf = (shape: number) => `{"requestId":"a","x${shape}":"b"}`;

describe('what is worked out for a shape', () => {
  test('is kept for all lines of the shape', () => {
    const { find, made } = countedShapes();
    const first = find(lineOf(1));

    expect(first).toBeDefined();
    expect(find('{"requestId":"c","x1":"d"}')).toBe(first);
    expect(find(lineOf(2))).not.toBe(first);
    expect(made).toHaveLength(2);
  });

  test('is worked out only for shapes that come again, once there are many', () => {
    const { find, made } = countedShapes();
    for (let shape = 0; shape < 1_000; shape++) find(lineOf(shape));

    expect(made).toHaveLength(32);
  });

  test('is forgotten where shapes are always new, so that they take no more memory', async () => {
    const { find, made } = countedShapes();
    for (let shape = 0; shape < 2_000; shape++) {
      for (let line = 0; line < 5; line++) find(lineOf(shape));
    }
    // Until then, what was found is kept.
    await new Promise(setImmediate);
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')();

    expect(made).toHaveLength(2_000);
    expect(made.filter((prepared) => prepared.deref()).length).toBeLessThanOrEqual(256);
  });

  test('is nothing for lines that already say what is appended to them', () => {
    const { find, shapes } = countedShapes();
    const line = '{"requestId":"a","tier":"b"}';
    expect(find(line)).toBeDefined();

    shapes.use([['tier', { literal: 'x' }] as never]);

    expect(find(line)).toBeUndefined();
    expect(find(lineOf(1))).toBeDefined();
  });
});
