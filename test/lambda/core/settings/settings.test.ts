import {
  environmentOf,
  readSettings,
  settingsTable,
} from '../../../../lambda/core/settings/settings';

describe('readSettings', () => {
  test('gives every setting its default in an empty environment', () => {
    expect(readSettings({})).toMatchObject({
      output: 'verbatim',
      usagePlanField: 'usage_plan',
      customerNameField: 'customer_name',
      apiKeyValues: 'mask',
      catalogTtlSeconds: 300,
    });
  });

  test('reads what the construct wrote', () => {
    const settings = {
      usagePlanField: 'plan_id',
      customerNameField: 'subscription_id',
      apiKeyValues: 'hash',
      output: 'ecs',
      preserveOriginalEvent: true,
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
      environment: { PRESERVE_ORIGINAL_EVENT: 'yes' },
      message: 'PRESERVE_ORIGINAL_EVENT: got "yes", expected true, false',
    },
    {
      environment: { USAGE_PLAN_FIELD: 'Status' },
      message: 'USAGE_PLAN_FIELD: got "Status", expected a name that no log field has',
    },
    {
      environment: { CUSTOMER_NAME_FIELD: 'extra' },
      message: 'CUSTOMER_NAME_FIELD: got "extra", expected a name that no log field has',
    },
    {
      environment: { USAGE_PLAN_FIELD: 'plan', CUSTOMER_NAME_FIELD: 'Plan' },
      message:
        'usagePlanField and customerNameField: got "plan" and "Plan", expected names that differ in more than case',
    },
    {
      environment: { EXTRA_FIELDS: 'Customer_Name={plan.id}' },
      message:
        'extraFields: got "Customer_Name", expected a name that no other field has, in any case',
    },
    {
      environment: { EXTRA_FIELDS: 'team={plan.id},Team={key.id}' },
      message: 'extraFields: got "Team", expected a name that no other field has, in any case',
    },
    {
      environment: { EXTRA_FIELDS: 'team.id={plan.id},team_id={key.id}' },
      message: 'extraFields: got "team_id", expected a name that no other field has',
    },
    ...['RequestID', 'apikeyid', 'x-API-key', 'unparsed.line'].map((name) => ({
      environment: { USAGE_PLAN_FIELD: name },
      message: `USAGE_PLAN_FIELD: got "${name}", expected a name that no log field has, in any case and punctuation`,
    })),
    ...[{ EXTRA_FIELDS: 'usage_plan_id={plan.id}' }, { USAGE_PLAN_FIELD: 'Usage_Plan.ID' }].map(
      (settings) => ({
        environment: { OUTPUT: 'canonical', ...settings },
        message: 'which canonical lines have anyway, for the id of the usage plan: leave it out',
      }),
    ),
    {
      environment: { OUTPUT: 'xml' },
      message: 'OUTPUT: got "xml", expected verbatim, canonical, ecs',
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

test('takes usage_plan_id for a further field where the lines have none', () => {
  for (const OUTPUT of ['verbatim', 'ecs']) {
    const { extraFields } = readSettings({ OUTPUT, EXTRA_FIELDS: 'usage_plan_id={plan.id}' });
    expect(extraFields).toBe('usage_plan_id={plan.id}');
  }
});

describe('environmentOf', () => {
  test('refuses what the function would refuse, in the words of the property', () => {
    expect(() => environmentOf({ usagePlanField: '' })).toThrow('usagePlanField: got "", expected');
  });
});

describe('logFormats', () => {
  const clf = '$context.identity.sourceIp [$context.requestTime] $context.requestId';
  const long = `{${Array.from({ length: 60 }, (_, n) => `"f${n}":"$context.stage"`).join(',')}}`;

  for (const logFormats of [[], [clf], [clf, long]]) {
    test(`come through the environment: ${logFormats.length}`, () => {
      expect(readSettings(environmentOf({ logFormats })).logFormats).toEqual(logFormats);
    });
  }

  const refused = [
    { text: '["$context.requestId', message: 'expected a JSON array of access-log formats' },
    { text: '[1]', message: 'expected a JSON array of access-log formats' },
    { text: 'requestId', message: 'expected a JSON array of access-log formats' },
    { text: '["no variable"]', message: 'LOG_FORMATS: got "["no variable"]", expected' },
  ];
  for (const { text, message } of refused) {
    test(`are refused: ${text}`, () => {
      expect(() => readSettings({ LOG_FORMATS: text })).toThrow(message);
    });
  }

  test('are refused where they do not fit into the environment of a function', () => {
    const random = Array.from({ length: 5000 }, (_, n) => (n * 7919 ** 2).toString(36)).join('');
    const logFormats = [random.slice(0, 2900), random.slice(3000, 5900)].map(
      (text) => `${text} $context.requestId`,
    );

    expect(() => environmentOf({ logFormats })).toThrow(
      'expected 3700 at most: logFormats takes most of them',
    );
  });
});
