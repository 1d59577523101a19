import { accessColumnNames, accessColumns } from '../../analytics/schema';
import { fields } from '../../lambda/core/fields';

describe('the relation access', () => {
  test('has a column for every field of a log, and each column once', () => {
    const names = new Set(accessColumnNames);

    expect(names.size).toBe(accessColumns.length);
    expect(fields.filter(({ column }) => !names.has(column))).toEqual([]);
  });

  test('has the attribution and what ingest adds', () => {
    const own = accessColumns.filter(({ origin }) => origin !== 'log').map(({ name }) => name);

    expect(own).toEqual([
      'api_type',
      'usage_plan',
      'usage_plan_id',
      'customer_name',
      'extra',
      'unparsed_line',
      'unparsed_line_base64',
      'endpoint',
      'country',
      'network',
    ]);
  });

  test('has numbers and moments as such', () => {
    const type = (name: string) => accessColumns.find((column) => column.name === name)?.type;

    expect(type('status')).toBe('bigint');
    expect(type('request_time_epoch')).toBe('bigint');
    expect(type('request_time')).toBe('timestamp');
    expect(type('caller_account_id')).toBe('string');
  });

  test('has names that need no quotes in a SELECT of either engine, in lower case', () => {
    for (const name of accessColumnNames) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
  });
});
