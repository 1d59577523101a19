import { cubeDefinitions } from '../../../analytics/cubes/definitions';
import { allowedFunctions } from '../../../analytics/dialect';
import { functionsIn, grammarErrors } from '../../support/trino-grammar';

const scope = {
  from: Date.parse('2026-10-01T00:00:00Z'),
  to: Date.parse('2026-11-01T00:00:00Z'),
  timeZone: 'Europe/Berlin',
  bucket: 'day',
  filter: { customer: "O'Brien", plan: 'gold', api: 'a1', stage: '-' },
} as const;

// The grammar is slow at its first statement.
beforeAll(() => grammarErrors('select 1'), 120_000);

describe.each(cubeDefinitions.map((definition) => [definition.name, definition] as const))(
  'the statement of the cube %s',
  (_, definition) => {
    test.each(['hour', 'day'] as const)(
      'by %ss is of the dialect that both engines understand',
      (slot) => {
        const statement = definition.sql(scope, slot);

        expect(grammarErrors(statement)).toEqual([]);
        expect(functionsIn(statement).filter((name) => !allowedFunctions.has(name))).toEqual([]);
      },
    );
  },
);
