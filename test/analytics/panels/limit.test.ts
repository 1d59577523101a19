import { auditPanels, panelOf, panels } from '../../../analytics/panels/all';
import { isFull, withLimit } from '../../../analytics/panels/limit';
import type { Panel, Scope } from '../../../analytics/panels/panel';

const scope: Scope = {
  from: Date.parse('2026-11-02T00:00:00Z'),
  to: Date.parse('2026-11-09T00:00:00Z'),
  timeZone: 'UTC',
  bucket: 'hour',
  filter: {},
};
const all = [...panels, ...auditPanels];
const limitsIn = (statement: string) =>
  [...statement.matchAll(/\blimit (\d+)/g)].map(([, limit]) => Number(limit));

describe('the limit of a panel', () => {
  const limited = all.filter(({ limit }) => limit !== undefined);

  test.each(limited.map((panel) => [panel.id, panel] as const))(
    'of %s is the one of its statement, and stands in its definition',
    (_, panel) => {
      const found = limitsIn(panel.sql(scope));

      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found)).toEqual(new Set([panel.limit]));
      expect(panel.definition).toMatch(new RegExp(`\\b${panel.limit}\\b`));
      expect(new Set(limitsIn(panel.sql({ ...scope, limit: 7 })))).toEqual(new Set([7]));
    },
  );

  test('is missing where a statement has none, whatever is asked for', () => {
    for (const panel of all.filter(({ limit }) => limit === undefined)) {
      expect([panel.id, limitsIn(panel.sql({ ...scope, limit: 7 }))]).toEqual([panel.id, []]);
    }
  });

  test('is missing from lists only where there cannot be many rows', () => {
    const endless = all.filter(
      ({ shape, limit }) => /^(table|bars)$/.test(shape) && limit === undefined,
    );

    expect(endless.map(({ id }) => id)).toEqual([
      'whose-fault',
      'too-many-requests',
      'movers',
      'latency-distribution',
      'filled-columns',
      'audit-status',
    ]);
  });

  test('says of a series that the others are one', () => {
    const { definition, columns } = panelOf('customers-over-time');

    expect(definition).toContain('All but the 10 with the most requests are counted together');
    expect(columns.map(({ restName }) => restName)).toEqual([undefined, 'others', undefined]);
  });

  test('is said once', () => {
    const panel = { ...(panels[0] as Panel), limit: 3, shape: 'table' as const };

    expect(withLimit(panel).definition).toBe(`${panel.definition} The first 3 are listed.`);
  });
});

test.each([
  [{ shape: 'table', limit: 2 }, 1, false],
  [{ shape: 'table', limit: 2 }, 2, true],
  [{ shape: 'bars', limit: 2 }, 3, true],
  [{ shape: 'series', limit: 2 }, 30, false],
  [{ shape: 'table' }, 1_000, false],
] as const)('a list of %j with %i rows is full: %j', (panel, length, expected) => {
  expect(isFull(panel, { length })).toBe(expected);
});
