import { panelOf, panels } from '../../../analytics/panels/all';
import type { Scope } from '../../../analytics/panels/panel';
import type { Value } from '../../../analytics/result';
import { printPanel } from '../../../cli/report/print-panel';
import { widthOf } from '../../../cli/terminal/printable';
import { hostileValues } from '../../support/hostile-values';
import { recordedTerminal } from '../../support/recorded-terminal';

const from = Date.parse('2026-11-02T00:00:00Z');
const HOUR = 3_600_000;
const scope: Scope = {
  from,
  to: from + 24 * HOUR,
  timeZone: 'UTC',
  bucket: 'hour',
  filter: {},
};

function printed(
  id: string,
  rows: readonly (readonly Value[])[],
  columns?: number,
  asked: Scope = scope,
): string[] {
  const terminal = recordedTerminal(columns);
  printPanel(panelOf(id), asked, rows, terminal);
  return terminal.printed;
}

describe('a panel on a terminal', () => {
  test('tells its number beside those that it is compared with', () => {
    const lines = printed('customer-counts', [[12, 10, 3, 0, 1]], 100);

    expect(lines).toContain('Customers  12  +20% (previous period: 10)');
    expect(lines).toContain('New         3');
  });

  test('draws a line of blocks for each group over time', () => {
    const rows = [
      [from, 200, 10],
      [from + 23 * HOUR, 200, 5],
      [from + HOUR, 503, 2],
    ];

    expect(printed('statuses-over-time', rows, 100).slice(-3)).toEqual([
      '     Most  2 Nov 2026, 00:00 to 3 Nov 2026, 00:00 (UTC)',
      '200    10  █▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▅',
      '503     2  ▁█▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁',
    ]);
  });

  test('has the others last', () => {
    const rows = [
      [from, null, 7],
      [from, 'Acme', 10],
      [from + HOUR, 'Globex', 9],
    ];

    const lines = printed('customers-over-time', rows, 100);

    expect(lines.slice(-3).map((line) => line.split(/ +/).slice(0, 2))).toEqual([
      ['Acme', '10'],
      ['Globex', '9'],
      ['others', '7'],
    ]);
  });

  test('says where a list ends that may go on, and nothing where it does not', () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, place): Value[] => [`192.0.2.${place}`, 9, 5, 1]);

    expect(printed('addresses', rows(10)).at(-1)).toBe(
      'The first 10 are shown; there may be more.',
    );
    expect(printed('addresses', rows(9)).join('\n')).not.toContain('there may be more');
  });

  test('shows the first of those that were found, and says of how many', () => {
    const { columns } = panelOf('find-request');
    const row = columns.map(({ type }): Value => (type === 'string' ? 'x' : from));
    const found = (count: number, limit: number) =>
      printed('find-request', new Array(count).fill(row), undefined, { ...scope, limit });

    expect(found(2_442, 5_000).at(-1)).toBe(
      'The first 100 of 2,442 are shown; --csv and --json have all.',
    );
    expect(found(5_000, 5_000).at(-1)).toBe(
      'The first 100 of at least 5,000 are shown; --csv and --json have the first 5,000.',
    );
    expect(found(100, 5_000).join('\n')).not.toContain('shown');
  });

  test('draws bars as long as the numbers beside them', () => {
    const lines = printed('stages', [
      ['prod', 90, 90],
      [null, 10, 10],
    ]);

    expect(lines.at(-2)).toBe(`prod         90  90.0%  ${'█'.repeat(40)}`);
    expect(lines.at(-1)).toBe(`–            10  10.0%  ${'█'.repeat(4)}▌`);
  });

  test('shades the cells of a week', () => {
    const lines = printed('busy-hours', [
      [1, 0, 8],
      [1, 2, 1],
      [2, 1, 4],
    ]);

    expect(lines.at(-2)?.trimEnd()).toMatch(/^Mon +██ {2}░░ +8$/);
    expect(lines.at(-1)?.trimEnd()).toMatch(/^Tue +▒▒ +4$/);
  });

  test('leaves out columns without any value, and gives wide rows lines of their own', () => {
    const columns = panelOf('find-request').columns.map(({ name }) => name);
    const row = columns.map((name) => {
      if (name === 'time') return from + 1;
      return { status: 404, customer_name: 'Acme', request_id: 'r1' }[name] ?? null;
    });

    expect(printed('find-request', [row], 60).slice(-3).join('\n')).toMatch(/Acme +404 +r1/);
    const full = columns.map((name) => (name === 'status' ? 404 : `${name}!`));
    expect(printed('find-request', [full], 60)).toContain('Customer             customer_name!');
  });

  test('keeps the columns that say most of many rows, and tells which others there are', () => {
    const { columns } = panelOf('integration-errors');
    const row = columns.map(({ type, name }): Value => {
      if (type === 'string') return name === 'endpoint' ? '/pets/{id}' : `some ${name}`;
      return type === 'timestamp' ? from : 502;
    });
    const lines = printed(
      'integration-errors',
      Array.from({ length: 4 }, () => row),
      100,
    );

    expect(lines).toContainEqual(expect.stringMatching(/^Endpoint .* Requests/));
    expect(lines.filter((line) => line.includes('/pets/{id}'))).toHaveLength(4);
    expect(lines.at(-1)).toMatch(/--csv and --json have them\.$/);
    expect(lines.slice(-2).join(' ')).toMatch(/^Too narrow for API · Domain · /);
  });

  test('has changes in place of earlier periods, where those do not fit', () => {
    const row = (name: string, now: number, before: number | null): Value[] =>
      panelOf('customers').columns.map(({ name: column, type }): Value => {
        if (column === 'requests') return now;
        if (column.endsWith('_requests') && column !== 'quota_requests') return before;
        if (type === 'string') return name;
        return type === 'timestamp' ? from : 7;
      });
    const rows = [
      row('Acme', 120, 100),
      row('Globex', 5, 0),
      row('Hooli', 0, 3),
      row('Late', 1, null),
    ];
    const lines = printed('customers', rows, 120);

    expect(lines.find((line) => line.startsWith('Customer '))).not.toContain('previous period');
    for (const [name, told] of [
      ['Acme', '120 +\\+20%'],
      ['Globex', '5 +from 0'],
      ['Hooli', '0 +−100%'],
      ['Late', '1 +7.0%'],
    ]) {
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${name} +${told}`)));
    }
    expect(lines.join(' ')).toContain('Beside numbers: how they changed from the previous period');
    expect(printed('customers', rows).join(' ')).toContain('Requests, previous period');
  });

  test('keeps a total of the month until it grows', () => {
    const lines = printed('quota-burn-down', [[from, 'Acme', 'p1', 10]], 100);

    expect(lines.at(-1)).toMatch(/^Acme · p1 +10 +█{24}$/);
  });

  test('says why it is empty', () => {
    expect(printed('anomalies', [], 80).at(-1)).toBe(panelOf('anomalies').empty);
  });
});

describe.each(panels.map((panel) => [panel.id, panel] as const))('%s', (_, panel) => {
  test.each([60, 100])('shows hostile values as text, in lines of %d characters', (width) => {
    const rows = hostileValues.map(({ value }, place) =>
      panel.columns.map(({ type }): Value => {
        if (type === 'string') return value.slice(0, 5_000);
        return type === 'timestamp' ? from + (place % 24) * HOUR : place;
      }),
    );
    const terminal = recordedTerminal(width);
    printPanel(panel, scope, rows, terminal);

    const bad = terminal.printed.filter(
      (line) => steersOrHides.test(line) || widthOf(line) > width,
    );
    expect(bad).toEqual([]);
  });
});

// Control characters, marks of direction, characters without a width.
const steersOrHides = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
