import { deliveryPrefix, logsPrefixOf, parsePrefix } from '../../../lib/bucket/log-layout';

const hour = 'day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/';

describe('deliveryPrefix', () => {
  test('is a folder for each hour', () => {
    expect(deliveryPrefix('logs/', 'none')).toBe(`logs/${hour}`);
  });

  for (const by of ['api', 'plan', 'customer'] as const) {
    test(`puts the ${by} first, as the function returns it`, () => {
      expect(deliveryPrefix('logs/', by)).toBe(
        `logs/${by}=!{partitionKeyFromLambda:partition}/${hour}`,
      );
    });
  }
});

describe('a prefix', () => {
  test('is logs/ where none is given', () => {
    expect(logsPrefixOf(undefined)).toBe('logs/');
  });

  for (const prefix of ['logs/', 'team=a/api_logs-2/v1.0/', `${'x'.repeat(127)}/`]) {
    test(`may be ${prefix.slice(0, 30)}`, () => {
      expect(parsePrefix(prefix)).toBe(prefix);
    });
  }

  const refused: { prefix: string; expected: string }[] = [
    { prefix: '', expected: 'folders of letters' },
    { prefix: 'logs', expected: 'each with a / at its end' },
    { prefix: '/logs/', expected: 'folders of letters' },
    { prefix: 'logs//', expected: 'folders of letters' },
    { prefix: 'my logs/', expected: 'folders of letters' },
    { prefix: 'logs/!{timestamp:yyyy}/', expected: 'folders of letters' },
    { prefix: `${'x'.repeat(128)}/`, expected: 'up to 128' },
    { prefix: 'errors/', expected: 'other folders than errors/, replayed/, source/' },
    { prefix: 'replayed/', expected: 'other folders than errors/, replayed/, source/' },
    { prefix: 'source/logs/', expected: 'other folders than errors/, replayed/, source/' },
    { prefix: '_catalog/', expected: 'a folder that does not begin with _' },
  ];
  for (const { prefix, expected } of refused) {
    test(`is refused as ${JSON.stringify(prefix.slice(0, 30))}`, () => {
      expect(() => logsPrefixOf(prefix)).toThrow(`prefix: got "${prefix}", expected `);
      expect(() => logsPrefixOf(prefix)).toThrow(expected);
    });
  }
});
