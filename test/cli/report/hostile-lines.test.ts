/** Whatever stands in a line costs no other line, and none gets lost. */

import { csvOf } from '../../../analytics/render/csv';
import { hostileValues } from '../../support/hostile-values';
import { RowReader, sourceOf } from '../../support/read-rows';

let reader: RowReader;
beforeEach(() => {
  reader = new RowReader();
});
afterEach(() => reader.close());

const good = (id: number) =>
  JSON.stringify({ request_id: `good-${id}`, request_time_epoch: '1795166060861', status: '200' });

async function between(...lines: readonly (string | Buffer)[]) {
  const parts = [good(1), ...lines, good(2)].flatMap((part) => [
    Buffer.from(part),
    Buffer.from('\n'),
  ]);
  const rows = await reader.rows([sourceOf('hostile', Buffer.concat(parts))]);
  return {
    good: rows.filter((row) => String(row['request_id']).startsWith('good-')).length,
    others: rows.filter((row) => !String(row['request_id']).startsWith('good-')),
  };
}

describe('a value that others have logged', () => {
  test('comes out as it is, each of them', async () => {
    const lines = hostileValues.map(({ value }, index) =>
      JSON.stringify({
        request_id: String(index),
        user_agent: value,
        // A line of more than 4.5 MiB is not read: megabytes stand in it once.
        path: value.length < 100_000 ? value : '/',
        status: '200',
      }),
    );

    const { good: kept, others } = await between(...lines);

    expect(kept).toBe(2);
    expect(others).toHaveLength(lines.length);
    const found = new Map(others.map((row) => [row['request_id'], row['user_agent']]));
    for (const [index, { value }] of hostileValues.entries()) {
      // What says nothing is NULL, and half a surrogate pair is no text.
      if (value === '' || value === '-') continue;
      expect(found.get(String(index))).toBe(value.toWellFormed());
    }
  });

  test('is no formula in CSV', async () => {
    const { others } = await between(JSON.stringify({ request_id: '1', user_agent: '=1+1' }));
    const csv = csvOf(
      [{ name: 'user_agent', title: 'user agent', type: 'string' }],
      others.map((row) => [row['user_agent'] ?? null]),
    );

    expect(csv).toBe("user_agent\r\n'=1+1\r\n");
  });
});

test.each<[string, string | Buffer]>([
  ['a number that no integer holds', '{"request_id":"1","status":"99999999999999999999"}'],
  ['a number with a fraction', '{"request_id":"1","status":200.5}'],
  ['a moment beyond all calendars', '{"request_id":"1","request_time_epoch":"8640000000000001"}'],
  ['the last moment of a calendar', '{"request_id":"1","request_time_epoch":"8640000000000000"}'],
  [
    'a certificate of another age',
    '{"request_id":"1","client_cert_not_after":"Jan  1 00:00:00 9999 GMT"}',
  ],
  ['a NUL', '{"request_id":"1","user_agent":"a\\u0000b"}'],
  ['half a surrogate pair', '{"request_id":"1","user_agent":"a\\ud800b"}'],
  ['the same name twice', '{"request_id":"1","status":"200","status":"500"}'],
  ['deep nesting', `{"request_id":"1","x":${'['.repeat(2000)}${']'.repeat(2000)}}`],
  ['a megabyte', JSON.stringify({ request_id: '1', user_agent: 'x'.repeat(1_000_000) })],
  ['megabytes of quotes', JSON.stringify({ request_id: '1', what: '"'.repeat(3_000_000) })],
  ['megabytes of rubbish', 'x'.repeat(5_000_000)],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ['half a line', '{"request_id":"1","user_agent":"abc'],
  ['an array', '["request_id"]'],
  ['what looks like an envelope', '{"messageType":"DATA_MESSAGE","logEvents":7,"owner":"x"}'],
  ['what looks like a failed record', '{"attemptsMade":4,"rawData":7}'],
])('%s costs no other line', async (_, line) => {
  const { good: kept, others } = await between(line);

  expect(kept).toBe(2);
  expect(others).toHaveLength(1);
});
