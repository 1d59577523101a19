import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { context as featureFlags } from '../../../cdk.json';
import { settingsTable, wiredSettings } from '../../../lambda/core/settings/settings';
import { configKeys, readPipelineConfig } from '../../../lib/app/pipeline-config';

describe('readPipelineConfig', () => {
  test('leaves everything to its default when nothing is given', () => {
    expect(readPipelineConfig({})).toEqual({ props: {}, warnings: [] });
  });

  test('reads what the command line gives as text', () => {
    const { props } = readPipelineConfig({
      name: 'orders',
      fieldNames: 'apiable',
      usagePlanField: 'plan',
      customerNameField: 'customer',
      output: 'verbatim',
      apiKeyValues: 'hash',
      maxInflatedBytes: '1048576',
      catalogTtlSeconds: '60',
      memorySize: '1024',
      architecture: 'x86_64',
      logRetention: '90',
    });

    expect(props).toEqual({
      name: 'orders',
      fieldNames: 'apiable',
      usagePlanField: 'plan',
      customerNameField: 'customer',
      output: 'verbatim',
      apiKeyValues: 'hash',
      maxInflatedBytes: 1_048_576,
      catalogTtlSeconds: 60,
      memorySize: 1024,
      architecture: Architecture.X86_64,
      logRetention: RetentionDays.THREE_MONTHS,
    });
  });

  test('reads numbers from cdk.json as they are', () => {
    const { props } = readPipelineConfig({ memorySize: 256, logRetention: 7 });

    expect(props).toEqual({ memorySize: 256, logRetention: RetentionDays.ONE_WEEK });
  });

  test('reads times in days and seconds, sizes in MiB', () => {
    const { props } = readPipelineConfig({
      bufferSize: '128',
      bufferInterval: '60',
      expireLogsAfter: '400',
    });

    expect(props.bufferSize?.toMebibytes()).toBe(128);
    expect(props.bufferInterval?.toSeconds()).toBe(60);
    expect(props.expireLogsAfter?.toDays()).toBe(400);
  });

  const role = 'arn:aws:iam::444455556666:role/billing';
  const readers: { given: unknown; read: object[] }[] = [
    { given: '111122223333', read: [{ principal: '111122223333' }] },
    { given: `111122223333, ${role}`, read: [{ principal: '111122223333' }, { principal: role }] },
    {
      given: ['111122223333', { principal: role, prefix: 'customer=acme/' }],
      read: [{ principal: '111122223333' }, { principal: role, prefix: 'customer=acme/' }],
    },
  ];
  for (const { given, read } of readers) {
    test(`reads the readers ${JSON.stringify(given)}`, () => {
      expect(readPipelineConfig({ readers: given }).props.readers).toEqual(read);
    });
  }

  test('reads alarms from JSON and from cdk.json', () => {
    const alarms = { unknownKeys: 10, functionSlow: false };

    expect(readPipelineConfig({ alarms }).props.alarms).toEqual(alarms);
    expect(readPipelineConfig({ alarms: JSON.stringify(alarms) }).props.alarms).toEqual(alarms);
    expect(readPipelineConfig({ alarms: 'false' }).props.alarms).toBe(false);
  });

  test('has a key for every setting of the function', () => {
    const wired: readonly string[] = wiredSettings;
    const expected = Object.keys(settingsTable).filter((key) => !wired.includes(key));

    expect(configKeys).toEqual(expect.arrayContaining(expected));
    for (const key of wired) expect(configKeys).not.toContain(key);
  });

  const refused: { context: Record<string, unknown>; message: string }[] = [
    {
      context: { name: 'all orders' },
      message: 'name: got "all orders", expected 1 to 46 letters, digits and hyphens',
    },
    { context: { name: '' }, message: 'name: got "", expected 1 to 46 letters' },
    {
      context: { fieldNames: 'apible' },
      message: 'fieldNames: got "apible", expected default, apiable',
    },
    {
      context: { apiKeyValues: 'hide' },
      message: 'apiKeyValues: got "hide", expected mask, keep, hash, remove',
    },
    {
      context: { output: 'parquet' },
      message: 'output: got "parquet", expected verbatim',
    },
    {
      context: { maxInflatedBytes: '64MB' },
      message: 'maxInflatedBytes: got "64MB", expected a whole number from 1024 to 1073741824',
    },
    {
      context: { partitionBy: 'key' },
      message: 'partitionBy: got "key", expected none, api, plan',
    },
    { context: { prefix: 'logs' }, message: 'prefix: got "logs", expected folders' },
    { context: { bufferSize: '64MB' }, message: 'bufferSize: got "64MB", expected a whole number' },
    { context: { sourceBackup: 'yes' }, message: 'sourceBackup: got "yes", expected true, false' },
    {
      context: { readers: 'acme' },
      message: 'readers: got "acme", expected a 12-digit account id',
    },
    { context: { readers: '[1' }, message: 'readers: got "[1", expected JSON' },
    { context: { alarms: 'none' }, message: 'alarms: got "none", expected JSON' },
    {
      context: { encryptionKeyArn: 'alias/logs' },
      message: 'encryptionKeyArn: got "alias/logs", expected an ARN such as arn:aws:kms:',
    },
    {
      context: { httpEndpointUrl: 'http://x.example.com' },
      message: 'httpEndpointUrl: got "http://x.example.com", expected a URL that begins with https',
    },
    {
      context: { httpEndpointPreset: 'splunk' },
      message: 'httpEndpointPreset: got "splunk", expected sumologic, elastic',
    },
    {
      context: { catalogTtlSeconds: '5m' },
      message: 'catalogTtlSeconds: got "5m", expected a whole number from 1 to 86400',
    },
    {
      context: { memorySize: '1GB' },
      message: 'memorySize: got "1GB", expected a whole number from 128 to 10240',
    },
    {
      context: { architecture: 'arm' },
      message: 'architecture: got "arm", expected arm64, x86_64',
    },
    {
      context: { logRetention: '31' },
      message: 'logRetention: got "31", expected 1, 3, 5, 7, 14, 30, 60, 90,',
    },
    {
      context: { usagePlanField: 'usage plan' },
      message: 'usagePlanField: got "usage plan", expected a field name',
    },
    {
      context: { fieldNames: 'apiable', usagePlanField: 'subscription_id' },
      message: 'got "subscription_id" for both, expected two names',
    },
    {
      context: { catalogTtlSeconds: true },
      message: 'catalogTtlSeconds: got "true", expected a whole number',
    },
  ];
  for (const { context, message } of refused) {
    test(`rejects ${JSON.stringify(context)}`, () => {
      expect(() => readPipelineConfig(context)).toThrow(message);
    });
  }

  test('reports all that is wrong at once, a line for each', () => {
    const wrong = { name: '!', memorySize: '1', logRetention: '2' };

    expect(() => readPipelineConfig(wrong)).toThrow(/^name: .*\nmemorySize: .*\nlogRetention: .*$/);
  });

  test.each([
    ['nmae', '; did you mean name?'],
    ['analytic', '; did you mean analytics?'],
    ['Analytics', '; did you mean analytics?'],
    ['auditTrail', '; did you mean auditTrailBucket?'],
    ['colour', ': docs/configuration.md lists those that are known'],
  ])('warns of %s, with the key that may be meant', (key, hint) => {
    expect(readPipelineConfig({ [key]: 'true' })).toEqual({
      props: {},
      warnings: [`context key "${key}" is unknown and ignored${hint}`],
    });
  });

  const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x';
  test.each([
    ['catalogSchedule', '5', 'sharedCatalog'],
    ['auditReads', 'true', 'audit'],
    ['auditTrailBucket', 'trails', 'audit'],
    ['httpEndpointBackup', 'all', 'httpEndpointUrl'],
    ['analyticsSince', '2026-11-25', 'analytics'],
    ['analyticsReaders', role, 'analytics'],
    ['analyticsDashboards', 'true', 'analytics'],
    ['analyticsPage', true, 'analytics'],
    ['apiMonitorStages', 'REST:orders:prod', 'apiMonitors'],
    ['apiMonitorThresholds', '{"serverErrors":0.01}', 'apiMonitors'],
    ['vendorMetricsAccessKeyArn', secretArn, 'vendorMetrics'],
  ])('refuses %s=%s without %s', (key, value, wanted) => {
    const message = `${key}: got "${value}", expected ${wanted} beside it`;

    expect(() => readPipelineConfig({ [key]: value })).toThrow(new Error(message));
  });

  test('takes what is switched off for nothing, and what is needed for enough', () => {
    const off = { analytics: 'false', analyticsPage: 'false', apiMonitors: false };
    const on = { analytics: 'true', analyticsPage: 'true', analyticsPageDays: '7' };

    expect(readPipelineConfig(off).warnings).toEqual([]);
    expect(readPipelineConfig(on).warnings).toEqual([]);
    expect(() => readPipelineConfig({ analytics: 'true', analyticsPageDays: '7' })).toThrow(
      'analyticsPageDays: got "7", expected analyticsPage beside it',
    );
  });

  test('takes no notice of what the CDK keeps in the same context', () => {
    const ofCdk = {
      ...featureFlags,
      'aws:cdk:enable-path-metadata': true,
      'availability-zones:account=111122223333:region=eu-west-1': ['eu-west-1a'],
      'acknowledged-issue-numbers': [32775],
      'cli-telemetry': false,
    };

    expect(readPipelineConfig(ofCdk)).toEqual({ props: {}, warnings: [] });
  });
});
