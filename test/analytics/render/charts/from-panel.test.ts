import { panelOf } from '../../../../analytics/panels/all';
import { seriesOf } from '../../../../analytics/render/charts/from-panel';
import { light } from '../../../../analytics/render/charts/theme';
import type { Value } from '../../../../analytics/result';

const HOUR = 3_600_000;
const from = Date.parse('2026-11-02T00:00:00Z');
const scope = { from, to: from + 2 * HOUR, timeZone: 'UTC', bucket: 'hour', filter: {} } as const;

function seriesNamed(id: string, rows: readonly (readonly Value[])[]) {
  const { series } = seriesOf(panelOf(id), rows, scope, light);
  return series.map(({ name, values }) => [name, values]);
}

const group = (place: number) => [from, `/e${place}`, 100 - place];

describe('series of the largest groups', () => {
  test('have all other requests as others, not only those that the chart has no color for', () => {
    const rows = [...Array.from({ length: 10 }, (_, place) => group(place)), [from, null, 1_155]];

    const found = seriesNamed('endpoints-over-time', rows);

    expect(found.map(([name]) => name)).toEqual([
      ...['/e0', '/e1', '/e2', '/e3', '/e4', '/e5'],
      'others',
    ]);
    expect(found.at(-1)).toEqual(['others', [94 + 93 + 92 + 91 + 1_155, 0]]);
  });

  test('have no others where all groups have a color', () => {
    const rows = Array.from({ length: 7 }, (_, place) => group(place));

    expect(seriesNamed('endpoints-over-time', rows)).toHaveLength(7);
    expect(seriesNamed('endpoints-over-time', rows).flat()).not.toContain('others');
  });

  test('keep a customer of the name apart from the others', () => {
    const found = seriesNamed('customers-over-time', [
      [from, 'others', 5],
      [from, null, 9],
    ]);

    expect(found).toEqual([
      ['others', [5, 0]],
      ['others', [9, 0]],
    ]);
  });

  test('keep a plan without a name apart from the others', () => {
    const found = seriesNamed('plans-over-time', [
      [from, 'p1', null, 5],
      [from + HOUR, null, null, 9],
    ]);

    expect(found).toEqual([
      ['p1 · (none)', [5, 0]],
      ['others', [0, 9]],
    ]);
  });
});

test('series of all groups have those without a value under a name of their own', () => {
  expect(seriesNamed('statuses-over-time', [[from, null, 2]])).toEqual([['(none)', [2, 0]]]);
});
