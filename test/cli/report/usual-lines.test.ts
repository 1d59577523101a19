/** Whatever stands beside a line in a block, and wherever it stands: its row is that of the line alone. */

import fc from 'fast-check';
import type { Value } from '../../../analytics/result';
import { RowReader, sourceOf } from '../../support/read-rows';

let reader: RowReader;
beforeEach(() => {
  reader = new RowReader();
});
afterEach(() => reader.close());

const texts = fc.constantFrom('/pets/{id}', '/{proxy+}', '/pets/12345', '-', '', 'a "quote"', 'ä');
const ips = fc.constantFrom('2.160.0.1', '2001:db8::1', '1.2.3.4', 'no address', '-');

/** Lines of several shapes: what decides of a derived column differs between them. */
const usual = fc
  .record(
    {
      path: texts,
      resource_path: texts,
      route_key: fc.constantFrom('GET /pets', '$default', 'ANY /{proxy+}', '-'),
      stage: fc.constantFrom('pets', '-'),
      http_method: fc.constantFrom('GET', '-'),
      source_ip: ips,
      user_agent: fc.oneof(texts, fc.string({ unit: 'grapheme' }), fc.constant('a'.repeat(9_000))),
      status: fc.constantFrom('200', '404', 'abc', '-'),
      request_time_epoch: fc.constantFrom('1795166060861', '1795166061', '-'),
      requestTime: fc.constantFrom('20/Nov/2026:09:14:20 +0000', '-'),
      other: texts,
    },
    { requiredKeys: [] },
  )
  .map((line) => JSON.stringify(line));
const others = fc.constantFrom(
  '',
  '   ',
  'no log line',
  '{"user_agent":"a "quote"","status":"200"}',
  '2026-11-20T09:17:01.123Z {"status":"200","path":"/a"}',
  '{"status":"200"} {"status":"404"}',
  `{"path":"${'b'.repeat(70_000)}"}`,
);

test('rows of lines together are the rows of each', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 5, arbitrary: usual }, others), { maxLength: 40 }),
      async (lines) => {
        const together = await reader.rows([sourceOf('together', lines.join('\n'))]);
        const alone: Record<string, Value>[] = [];
        for (const line of new Set(lines)) {
          const its = await reader.rows([sourceOf('alone', line)]);
          for (let left = lines.filter((one) => one === line).length; left > 0; left--) {
            alone.push(...its);
          }
        }

        expect(together.map((row) => JSON.stringify(row)).sort()).toEqual(
          alone.map((row) => JSON.stringify(row)).sort(),
        );
      },
    ),
    { numRuns: 15 },
  );
});
