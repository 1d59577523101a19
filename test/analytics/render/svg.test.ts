import { panels } from '../../../analytics/panels/all';
import type { Mark } from '../../../analytics/render/marks';
import { renderSvg, type SvgInput } from '../../../analytics/render/svg';
import type { Value } from '../../../analytics/result';
import { attributesOfDrawing } from '../../support/drawing-attributes';
import { hostileValues } from '../../support/hostile-values';

const scope: SvgInput['scope'] = {
  from: Date.UTC(2026, 10, 1),
  to: Date.UTC(2026, 10, 4),
  timeZone: 'UTC',
  bucket: 'day',
  filter: {},
};

/** A row in which every text is the same, and every number too. */
function rowOf({ columns }: SvgInput['panel'], text: string, number = 12): Value[] {
  return columns.map(({ type }) =>
    type === 'string' ? text : type === 'timestamp' ? scope.from : number,
  );
}

function render(panel: SvgInput['panel'], rows: SvgInput['rows'], changes: Partial<SvgInput> = {}) {
  return renderSvg({ panel, rows, scope, theme: 'light', width: 600, height: 300, ...changes });
}

const shapes = (['kpi', 'series', 'bars', 'table', 'heat', 'map'] as const).map((shape) => {
  const panel = panels.find((it) => it.shape === shape);
  if (!panel) throw new Error(`no panel has the shape ${shape}`);
  return panel;
});

describe.each(shapes)('$id as SVG ($shape)', (panel) => {
  test.each(hostileValues)('has $attempt as text', ({ value }) => {
    const svg = render(panel, [rowOf(panel, value)]);

    const attributes = attributesOfDrawing(svg);
    expect(attributes).toBeDefined();
    expect(attributes?.filter((name) => /^on|href|style|src/i.test(name))).toEqual([]);
    expect(svg.length).toBeLessThan(200_000);
  });

  test('says so where there are no rows', () => {
    expect(render(panel, [])).toContain(panel.empty.slice(0, 20));
  });

  test('is as large as it is asked to be, in either theme', () => {
    const [light, dark] = (['light', 'dark'] as const).map((theme) =>
      render(panel, [rowOf(panel, 'Acme')], { theme, width: 333, height: 222 }),
    );

    expect(light).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="333" height="222"/);
    expect(dark).not.toBe(light);
  });

  test('is the same for the same rows', () => {
    const rows = [rowOf(panel, 'Acme')];

    expect(render(panel, rows)).toBe(render(panel, rows));
  });

  test('has nothing that is no number where a value is missing', () => {
    const rows = [panel.columns.map(() => null)];

    expect(render(panel, rows)).not.toMatch(/NaN|undefined|Infinity/);
  });
});

test('a picture can do without a title, which it then has room for', () => {
  const panel = shapes.find(({ shape }) => shape === 'bars');
  const [titled, untitled] = [true, false].map((hasTitle) =>
    render(panel as SvgInput['panel'], [rowOf(panel as SvgInput['panel'], 'Acme')], { hasTitle }),
  );

  expect(titled).toContain(`>${panel?.title}</text>`);
  expect(untitled).not.toContain(`>${panel?.title}</text>`);
  expect(untitled).toContain(`aria-label="${panel?.title}"`);
});

describe('SVG of a series', () => {
  const panel: SvgInput['panel'] = {
    title: 'Requests',
    shape: 'series',
    columns: [
      { name: 'time', title: 'Time', type: 'timestamp' },
      { name: 'requests', title: 'Requests', type: 'integer', unit: 'requests' },
    ],
    empty: 'None',
  };

  test('draws a column for each bucket that has requests', () => {
    const svg = render(panel, [
      [scope.from, 5],
      [scope.from + 2 * 86_400_000, 10],
    ]);

    const [, path = ''] = /<path d="([^"]*)" fill="#0b63b5"/.exec(svg) ?? [];
    const heights = [...path.matchAll(/M[\d.]+,([\d.]+)V([\d.]+)/g)].map(
      ([, from, to]) => Number(from) - Number(to),
    );
    expect(heights).toHaveLength(2);
    expect((heights[1] as number) / (heights[0] as number)).toBeCloseTo(2, 1);
    expect(svg).toContain('>1 Nov<');
  });

  describe('with changes of the account', () => {
    const rows = [0, 1, 2].map((day) => [scope.from + day * 86_400_000, 5 + day]);
    const gold: Mark = {
      time: scope.from + 1.5 * 86_400_000,
      text: 'quota raised: Gold, by eva',
      planId: 'p1',
      plan: 'Gold',
    };
    const flagsIn = (svg: string) =>
      [...svg.matchAll(/stroke-dasharray="2 3"\/><path [^>]*><title>([^<]*)</g)].map(
        ([, title]) => title,
      );

    test('has a flag in the bucket of each, which tells it', () => {
      const svg = render(panel, rows, { marks: [gold] });
      const [, x = ''] =
        /<line x1="([\d.]+)" x2="[\d.]+" [^>]*stroke-dasharray="2 3"/.exec(svg) ?? [];
      const columns = [
        ...(/<path d="([^"]*)" fill="#0b63b5"/.exec(svg)?.[1] ?? '').matchAll(
          /M([\d.]+),[\d.]+V[\d.]+h([\d.]+)/g,
        ),
      ].map(([, left, width]) => [Number(left), Number(left) + Number(width)] as const);

      expect(flagsIn(svg)).toEqual(['quota raised: Gold, by eva']);
      expect(columns.map(([left, right]) => left < Number(x) && Number(x) < right)).toEqual([
        false,
        true,
        false,
      ]);
    });

    test('says below the chart what they are, where there is room, and how many more there are', () => {
      const many = Array.from({ length: 9 }, (_, index) => ({
        ...gold,
        time: scope.from + index * 3_600_000,
        text: `change ${index}`,
      }));
      const notesIn = (svg: string) =>
        [...svg.matchAll(/>([^<]*change[^<]*)<\/text>/g)].map(([, it]) => it);

      expect(notesIn(render(panel, rows, { marks: many }))).toEqual([
        expect.stringContaining('change 0'),
        expect.stringContaining('change 1'),
        expect.stringContaining('change 2'),
        'and 6 more changes',
      ]);
      expect(notesIn(render(panel, rows, { marks: many, height: 160 }))).toEqual([]);
    });

    test('has those only that are about what it is of', () => {
      const of = (filter: SvgInput['scope']['filter'], plansOfCustomer?: ReadonlySet<string>) =>
        flagsIn(
          render(panel, rows, { marks: [gold], scope: { ...scope, filter }, plansOfCustomer }),
        ).length;

      expect([of({ plan: 'Gold' }), of({ plan: 'Free' })]).toEqual([1, 0]);
      expect([
        of({ customer: 'ACME' }, new Set(['Gold'])),
        of({ customer: 'ACME' }, new Set(['Free'])),
      ]).toEqual([1, 0]);
    });

    test.each(hostileValues)('has $attempt as text', ({ value }) => {
      const svg = render(panel, rows, { marks: [{ ...gold, text: value }] });

      expect(attributesOfDrawing(svg)).toBeDefined();
    });
  });
});

describe('a picture as wide as a widget', () => {
  const named = (id: string) => panels.find((it) => it.id === id) as SvgInput['panel'];

  test.each(['requests', 'errors', 'latency'])('has all words of the comparisons of %s', (id) => {
    const panel = named(id);
    const row = panel.columns.map(({ comparedWith }) => (comparedWith ? 8 : 12));
    const svg = render(panel, [row]);

    expect(svg).toMatch(/ vs before</);
    expect(svg).not.toMatch(/ vs[^<]*…/);
    expect(render(panel, [row], { width: 2000 })).toMatch(/ vs previous period</);
  });

  test('has the numbers of a wide table, with how they changed', () => {
    const errors = named('integration-errors');
    expect(render(errors, [rowOf(errors, 'some error', 4321)])).toContain('>Requests<');

    const customers = named('customers');
    const row = customers.columns.map(({ type, comparedWith }) =>
      type === 'string' ? 'Acme' : comparedWith ? 50 : 100,
    );
    const svg = render(customers, [row]);
    expect(svg).toContain('>100  +100%<');
    expect(svg).not.toContain('previous period');
    expect(svg).toContain('>Throttled<');
  });
});
