import { columns, fieldNamed, fieldOfVariable, fields, namesOf } from '../../../lambda/core/fields';
import { sourceFormats } from '../../support/source-formats';

describe('the field table', () => {
  for (const { name, fields: named } of sourceFormats) {
    test(`knows every name of the ${name} format`, () => {
      const known = Object.keys(named).map((key) => [key, fieldNamed(key)?.variable]);

      const expected = Object.entries(named).map(([key, variable]) => [
        key,
        variable.replace('$context.', ''),
      ]);
      expect(known).toEqual(expected);
    });
  }

  test('has a row for every variable of the formats', () => {
    const variables = new Set(sourceFormats.flatMap((format) => Object.values(format.fields)));

    expect(variables.size).toBe(78);
    for (const variable of variables) expect(fieldOfVariable(variable)).toBeDefined();
  });

  test('lets no name stand for two variables', () => {
    const names = fields.flatMap((field) => field.names);

    expect(names).toEqual([...new Set(names)]);
  });

  test('gives one row to each variable', () => {
    const variables = fields.map((field) => field.variable);

    expect(variables).toEqual([...new Set(variables)]);
  });

  test('uses flat snake_case columns', () => {
    for (const { column } of fields) expect(column).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
  });

  test('lets columns be shared only by variables that AWS documents as equal', () => {
    const columns = fields.map((field) => field.column);
    const shared = [...new Set(columns.filter((column, index) => columns.indexOf(column) < index))];
    const variables = shared.map((column) =>
      fields.filter((field) => field.column === column).map((field) => field.variable),
    );

    expect(variables).toEqual([
      ['integration.latency', 'integrationLatency'],
      ['integration.integrationStatus', 'integrationStatus'],
      ['integration.error', 'integrationErrorMessage'],
    ]);
  });

  test('gives variables that share a column one type and one place in ECS', () => {
    for (const { column, type, ecsPaths } of fields) {
      const first = columns.find((field) => field.column === column);

      expect([type, ecsPaths]).toEqual([first?.type, first?.ecsPaths]);
    }
  });

  test('gives every column a place of its own in ECS, save the two of the request time', () => {
    const paths = columns.flatMap((field) => field.ecsPaths);
    const shared = paths.filter((path, index) => paths.indexOf(path) < index);

    expect(shared).toEqual(['@timestamp']);
    for (const path of paths) {
      expect(path).toMatch(/^@?[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/);
      expect(paths.filter((other) => other.startsWith(`${path}.`))).toEqual([]);
    }
  });

  test('lists each column once', () => {
    expect(columns.map((field) => field.column)).toEqual([
      ...new Set(fields.map((field) => field.column)),
    ]);
  });

  test('marks the API key value, and nothing else, as a secret', () => {
    const secrets = fields.filter((field) => field.secret).flatMap(namesOf);

    expect(secrets).toEqual([
      'api_key',
      'apiKey',
      'identityApiKey',
      'apikey',
      'ApiKey',
      'x-api-key',
    ]);
  });

  test('knows no field by the name of an object property', () => {
    for (const name of ['constructor', '__proto__', 'toString', '']) {
      expect(fieldNamed(name)).toBeUndefined();
    }
  });
});
