import type { ResultColumn } from '../../../analytics/panels/panel';
import { csvOf } from '../../../analytics/render/csv';
import { shortHostileValues } from '../../support/hostile-values';

const columns: readonly ResultColumn[] = [
  { name: 'customer_name', title: 'Customer', type: 'string' },
  { name: 'time', title: 'Time', type: 'timestamp' },
  { name: 'change', title: 'Change', type: 'integer', unit: 'requests' },
];

describe('CSV', () => {
  test('has names, text, moments and numbers as they are', () => {
    const csv = csvOf(columns, [
      ['Acme', Date.UTC(2026, 10, 3, 4, 5), -12],
      [null, null, null],
    ]);

    expect(csv).toBe('customer_name,time,change\r\nAcme,2026-11-03T04:05:00.000Z,-12\r\n,,\r\n');
  });

  test('names what all groups together have that are not told apart', () => {
    const grouped = [{ ...(columns[0] as ResultColumn), restName: 'others' }];

    expect(csvOf(grouped, [['Acme'], [null]])).toBe('customer_name\r\nAcme\r\nothers\r\n');
  });

  test('quotes what would be another cell or row', () => {
    expect(csvOf(columns.slice(0, 1), [['a,"b"\r\nc']])).toBe(
      'customer_name\r\n"a,""b""\r\nc"\r\n',
    );
  });

  for (const { attempt, value } of shortHostileValues) {
    test(`has ${attempt} as one cell that is no formula`, () => {
      const [, cell = ''] =
        /^customer_name\r\n(.*)\r\n$/s.exec(csvOf(columns.slice(0, 1), [[value]])) ?? [];
      const isQuoted = cell.startsWith('"');
      const content = isQuoted ? cell.slice(1, -1).replaceAll('""', '"') : cell;

      expect(content.replace(/^'(?=[=+\-@＝＋－＠\t\r\n])/, '')).toBe(value);
      expect(content).not.toMatch(/^[=+\-@＝＋－＠\t\r\n]/);
      if (!isQuoted) expect(cell).not.toMatch(/[",\r\n]/);
    });
  }
});
