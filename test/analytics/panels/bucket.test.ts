import { bucketFor } from '../../../analytics/panels/bucket';
import { DAY, HOUR } from '../../../analytics/time-zone';

test.each([
  ['three hours', 3 * HOUR, 'minute'],
  ['a moment more', 3 * HOUR + 1, 'hour'],
  ['eight days', 8 * DAY, 'hour'],
  ['a moment more', 8 * DAY + 1, 'day'],
])('%s (%d ms) by the %s', (_, duration, bucket) => {
  expect(bucketFor(duration)).toBe(bucket);
});
