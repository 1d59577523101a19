import fc from 'fast-check';
import { recordBatches } from '../../../lambda/aws/record-batches';

const MiB = 1024 * 1024;
const sizeOf = (bytes: number) => bytes;

test('500 records go into a call, and the 501st into another', () => {
  const batches = recordBatches(Array(501).fill(1), sizeOf);

  expect(batches.map(({ records }) => records.length)).toEqual([500, 1]);
});

test('exactly 4 MiB go into a call', () => {
  expect(recordBatches([3 * MiB, MiB, 1], sizeOf)).toMatchObject([
    { bytes: 4 * MiB },
    { bytes: 1 },
  ]);
});

test('a record larger than a call is alone in one: the service says no, not this', () => {
  expect(recordBatches([1, 5 * MiB, 1], sizeOf)).toMatchObject([
    { bytes: 1 },
    { bytes: 5 * MiB },
    { bytes: 1 },
  ]);
});

test('all records are in some call, in their order, and no call takes more than it may', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 2 * MiB }), { maxLength: 1200 });
  fc.assert(
    fc.property(sizes, (records) => {
      const batches = recordBatches(records, sizeOf);

      expect(batches.flatMap((batch) => batch.records)).toEqual(records);
      for (const batch of batches) {
        expect(batch.records.length).toBeLessThanOrEqual(500);
        expect(batch.bytes).toBeLessThanOrEqual(4 * MiB);
      }
    }),
  );
});
