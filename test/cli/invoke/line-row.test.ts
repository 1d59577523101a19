import fc from 'fast-check';
import { fieldChanges, lineRow } from '../../../cli/invoke/line-row';
import { widthOf } from '../../../cli/terminal/printable';
import { codePoint } from '../../support/code-point';

const line = {
  time: '09:14:04',
  method: 'GET',
  path: '/orders',
  status: '200',
  usagePlan: 'Gold',
  customer: 'Acme GmbH',
  added: ['usage_plan', 'customer_name'],
  masked: [],
  isUnparsed: false,
};
const paint = (text: string) => text;

test('a row says when, what, how it ended and whose it was', () => {
  expect(lineRow(line, { paint }, 76)).toBe(
    '09:14:04 GET     /orders                  200 → Gold · Acme GmbH',
  );
});

test('a row says that a value is masked, and the line above the rows which', () => {
  const masked = { ...line, masked: ['api_key'] };

  expect(lineRow(masked, { paint }, 76)).toMatch(/Acme GmbH \*$/);
  expect(fieldChanges([line, masked])).toBe('added usage_plan, customer_name; * masked api_key');
});

test('a row never gets wider than it may, nor steers the terminal', () => {
  const text = fc.string({ unit: codePoint, maxLength: 60 });
  const lines = fc.record({
    time: fc.constant('09:14:04'),
    method: text,
    path: text,
    status: fc.constant('200'),
    usagePlan: text,
    customer: text,
    added: fc.constant([]),
    masked: fc.constantFrom([], ['x']),
    isUnparsed: fc.boolean(),
  });
  fc.assert(
    fc.property(lines, fc.integer({ min: 36, max: 120 }), (some, room) => {
      const row = lineRow(some, { paint }, room);
      expect(widthOf(row)).toBeLessThanOrEqual(room);
      expect(row).not.toMatch(/\p{Cc}/u);
    }),
  );
});
