import fc from 'fast-check';
import type { Cube } from '../../../analytics/cubes/cube';
import { decodePayload } from '../../../analytics/cubes/decode';
import { encodePayload } from '../../../analytics/cubes/encode';

const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null));

const cube = fc
  .record({
    values: fc.uniqueArray(value, { minLength: 1, maxLength: 300 }),
    picks: fc.array(fc.tuple(fc.nat(), fc.maxSafeNat()), { maxLength: 200 }),
  })
  .map(
    ({ values, picks }): Omit<Cube, 'name'> => ({
      slot: 'hour' as const,
      rowCount: picks.length,
      dimensions: {
        who: { values, indexes: Uint32Array.from(picks, ([pick]) => pick % values.length) },
      },
      measures: { requests: Float64Array.from(picks, ([, count]) => count) },
    }),
  );

describe('a payload', () => {
  test('gives back the document and the cubes that went in', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(cube, { maxLength: 3 }), (document, all) => {
        const cubes = Object.fromEntries(
          all.map((it, place) => [`cube ${place}`, { name: `cube ${place}`, ...it }]),
        );

        const read = decodePayload(encodePayload({ document }, cubes));

        expect(read.document).toEqual(JSON.parse(JSON.stringify({ document })));
        expect(read.cubes).toEqual(cubes);
      }),
      { numRuns: 60 },
    );
  });

  test('is read where it does not start at the first byte of its memory', () => {
    const payload = encodePayload('document', {});
    const memory = new Uint8Array(payload.length + 3);
    memory.set(payload, 3);

    expect(decodePayload(memory.subarray(3)).document).toBe('document');
  });

  for (const count of [-1, 0.5, Number.NaN, 2 ** 53]) {
    test(`fails for a measure of ${count}`, () => {
      const wrong: Cube = {
        name: 'wrong',
        slot: 'day',
        rowCount: 1,
        dimensions: {},
        measures: { requests: Float64Array.of(count) },
      };

      expect(() => encodePayload(null, { wrong })).toThrow(String(count));
    });
  }
});
