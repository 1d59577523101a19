import { environmentOf, readSettings, settingsTable } from '../../../lambda/core/settings';

describe('readSettings', () => {
  test('gives every setting its default in an empty environment', () => {
    expect(readSettings({})).toMatchObject({
      output: 'verbatim',
      usagePlanField: 'usage_plan',
      customerNameField: 'customer_name',
      apiKeyValues: 'mask',
      catalogTtlSeconds: 300,
      catalogMinLoadIntervalSeconds: 30,
    });
  });

  test('reads what the construct wrote', () => {
    const settings = {
      usagePlanField: 'plan_id',
      customerNameField: 'subscription_id',
      apiKeyValues: 'hash',
      catalogTtlSeconds: 60,
    } as const;

    expect(readSettings(environmentOf(settings))).toMatchObject(settings);
  });

  test('gives each setting an environment variable of its own', () => {
    const variables = Object.values(settingsTable).map((setting) => setting.variable);

    expect(variables).toEqual([...new Set(variables)]);
  });

  const refused = [
    {
      environment: { OUTPUT: 'xml' },
      message: 'OUTPUT: got "xml", expected verbatim',
    },
    {
      environment: { API_KEY_VALUES: 'hide' },
      message: 'API_KEY_VALUES: got "hide", expected mask, keep, hash, remove',
    },
    {
      environment: { CATALOG_TTL_SECONDS: '5m' },
      message: 'CATALOG_TTL_SECONDS: got "5m", expected a whole number from 1 to 86400',
    },
    {
      environment: { CATALOG_TTL_SECONDS: '' },
      message: 'CATALOG_TTL_SECONDS: got "", expected a whole number from 1 to 86400',
    },
    {
      environment: { USAGE_PLAN_FIELD: 'usage plan' },
      message: 'USAGE_PLAN_FIELD: got "usage plan", expected a field name',
    },
    {
      environment: { USAGE_PLAN_FIELD: 'stage' },
      message: 'USAGE_PLAN_FIELD: got "stage", expected a name that no log field has',
    },
    {
      environment: { USAGE_PLAN_FIELD: 'plan', CUSTOMER_NAME_FIELD: 'plan' },
      message: 'usagePlanField and customerNameField: got "plan" for both, expected two names',
    },
  ];
  for (const { environment, message } of refused) {
    test(`refuses ${JSON.stringify(environment)}`, () => {
      expect(() => readSettings(environment)).toThrow(message);
    });
  }
});

describe('environmentOf', () => {
  test('refuses what the function would refuse, in the words of the property', () => {
    expect(() => environmentOf({ usagePlanField: '' })).toThrow('usagePlanField: got "", expected');
  });
});
