import { allowedFunctions } from '../../../analytics/dialect';
import { panelOf, panels } from '../../../analytics/panels/all';
import { neededColumns } from '../../../analytics/panels/data-quality';
import { accessColumnNames } from '../../../analytics/schema';
import { awsVisuals, sumoLogicPanels } from '../../support/rival-panels';
import { functionsIn, grammarErrors } from '../../support/trino-grammar';

const scope = {
  from: Date.parse('2026-10-01T00:00:00Z'),
  to: Date.parse('2026-11-01T00:00:00Z'),
  timeZone: 'Europe/Berlin',
  bucket: 'day',
  filter: { customer: "O'Brien", plan: 'gold', api: 'a1', stage: '-' },
  find: 'x',
} as const;

// The grammar is slow at its first statement.
beforeAll(() => grammarErrors(panelOf('traffic').sql(scope)), 120_000);

describe('all panels', () => {
  test('cover each panel that Sumo Logic has over access logs', () => {
    expect(covered('Sumo Logic')).toEqual(sumoLogicPanels.toSorted());
    expect(sumoLogicPanels).toHaveLength(21 + 13);
  });

  test("cover each visual of AWS's sample", () => {
    expect(covered('AWS')).toEqual(awsVisuals.toSorted());
    expect(awsVisuals).toHaveLength(25);
  });

  test('have ids and titles of their own', () => {
    const ids = panels.map(({ id }) => id);
    const titles = panels.map(({ title }) => title);

    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(titles).size).toBe(titles.length);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  test('say what they mean in sentences', () => {
    for (const { id, question, definition, empty } of panels) {
      expect([id, question]).toEqual([id, expect.stringMatching(/^[A-Z].*\?$/)]);
      expect([id, definition]).toEqual([id, expect.stringMatching(/^[A-Z].*\.$/)]);
      expect([id, empty]).toEqual([id, expect.stringMatching(/^[A-Z].*\.$/)]);
    }
  });

  test('need only columns that there are, all of which are looked at', () => {
    const needed = new Set(panels.flatMap(({ needs }) => needs));

    expect([...needed].filter((name) => !accessColumnNames.includes(name))).toEqual([]);
    expect([...needed].toSorted()).toEqual([...neededColumns].toSorted());
  });

  test('are found by id', () => {
    expect(panelOf('traffic').title).toBe('Requests over time');
    expect(() => panelOf('trafic')).toThrow(
      /^no such panel: "trafic" \(known: requests, traffic, /,
    );
  });
});

describe.each(panels.map((panel) => [panel.id, panel] as const))(
  'the statement of %s',
  (_, panel) => {
    test("is accepted by Trino's grammar", () => {
      expect(grammarErrors(panel.sql(scope))).toEqual([]);
    });

    test('calls only functions that both engines have', () => {
      expect(functionsIn(panel.sql(scope)).filter((name) => !allowedFunctions.has(name))).toEqual(
        [],
      );
    });

    test('ends without a semicolon, and has no empty lines', () => {
      expect(panel.sql(scope)).not.toMatch(/;|\n\s*\n/);
    });
  },
);

function covered(rival: string): string[] {
  return panels
    .flatMap(({ covers = [] }) => covers)
    .filter((title) => title.startsWith(`${rival}: `))
    .toSorted();
}
