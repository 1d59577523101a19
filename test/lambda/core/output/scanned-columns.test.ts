import fc from 'fast-check';
import { LineScanner } from '../../../../lambda/core/bytes/line-scanner';
import type { LineShape } from '../../../../lambda/core/bytes/line-shape';
import { scratch } from '../../../../lambda/core/bytes/scratch';
import { columns } from '../../../../lambda/core/fields';
import { Names } from '../../../../lambda/core/names';
import {
  type Columns,
  columnConfig,
  columnReader,
  requestEpochIndex,
  requestTimeIndex,
} from '../../../../lambda/core/output/columns';
import type { Layout } from '../../../../lambda/core/output/layout';
import { ScannedColumns } from '../../../../lambda/core/output/scanned-columns';
import { formatToMillisecond } from '../../../../lambda/core/values/times';
import { lineOf } from '../../../support/log-lines';

const layout: Layout = {
  config: columnConfig(
    { usagePlanField: 'usage_plan', customerNameField: 'customer_name', apiKeyValues: 'mask' },
    (instant) => `"${formatToMillisecond(instant)}"`,
  ),
  conversions: [],
  parts: [],
};

const scanner = new LineScanner(Names.ofTable);

function scan(line: string): LineShape {
  const length = scratch.write(line);
  // A scanner with too many shapes finds none once, and has forgotten them then.
  return (scanner.scan(0, length) ?? scanner.scan(0, length)) as LineShape;
}

/** The columns of a line, read from its bytes; undefined where they are left to the general path. */
function scanned(line: string): ScannedColumns | undefined {
  const found = ScannedColumns.of(scan(line), layout);
  return found?.read() ? found : undefined;
}

const nobody = {
  usagePlan: '-',
  usagePlanId: '-',
  customerName: '-',
  outcome: 'withoutKey',
} as const;

/** The tokens of all columns and what no column has room for, read the general path. */
const plain = (line: string) => columnReader(layout.config)(lineOf(line), nobody);

const scalar = fc.oneof(
  fc.constantFrom('-', '', '200', '007', '-1', '1.5', '999999999999999', '9999999999999999'),
  fc.constantFrom('09/Jun/2023:10:11:12 +0000', '1686305472', '1686305472345', 'é "x"', 'HTTP/1.1'),
  fc.constantFrom(null, true, 0, 200, -5, 1.5, { a: [1] }),
);
const chosen = fc.uniqueArray(fc.constantFrom(...columns.filter(({ secret }) => !secret)), {
  minLength: 1,
  maxLength: 12,
});

describe('columns that are read from bytes', () => {
  test('have the tokens that they have for the general path', () => {
    fc.assert(
      fc.property(chosen, fc.array(scalar, { minLength: 12, maxLength: 12 }), (fields, values) => {
        const members = fields.map(({ column }, index) => [column, values[index]]);
        const line = JSON.stringify(Object.fromEntries(members));
        const expected = plain(line);
        const found = scanned(line) as ScannedColumns;

        // Of a request's time both columns have a token, where the line has one of them.
        const isTold = (index: number) => {
          const isTime = index === requestTimeIndex || index === requestEpochIndex;
          return !isTime || expected.token(index) !== undefined;
        };
        const all = (from: Columns) =>
          Array.from(columns.keys())
            .filter(isTold)
            .map((index) => [index, from.token(index), from.has(index), from.text(index)]);
        expect(all(found)).toEqual(all(expected));
      }),
    );
  });

  test('keep a value that its column cannot hold', () => {
    const found = scanned('{"status":"abc","path":"/a"}');

    expect(found?.displaced.map((value) => found.shape.names[value])).toEqual(['status']);
  });

  test('are those of the second field where it says the same as the first', () => {
    const found = scanned('{"contextIntegrationLatency":"7","integrationLatency":7}');

    expect(found?.displaced).toEqual([]);
  });

  test('keep the second field of a column where it says something else', () => {
    const found = scanned('{"contextIntegrationLatency":"7","integrationLatency":"8"}');

    expect(found?.displaced.map((value) => found.shape.names[value])).toEqual([
      'contextIntegrationLatency',
    ]);
  });

  test('leave to the general path a line in which only the second field says something', () => {
    expect(scanned('{"contextIntegrationLatency":"7","integrationLatency":"-"}')).toBeUndefined();
  });

  const unread = [
    '{"usage_plan":"Gold"}',
    '{"requestId":"a","request_id":"b"}',
    '{"requestId":"a","request_id":"a","RequestId":"a"}',
    '{"my-api-key":"secret"}',
  ];
  for (const line of unread) {
    test(`leave ${line} to the general path`, () => {
      expect(scanned(line)).toBeUndefined();
    });
  }
});
