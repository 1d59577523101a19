import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Setting, settingsTable } from '../../lambda/core/settings/settings';
import * as offered from '../../lib/public';

const root = join(__dirname, '..', '..');

/** Where properties stand that users of the constructs give. */
const files = [
  'lambda/core/settings/settings.ts',
  ...[
    'access-log-pipeline',
    'analytics/log-analytics',
    'analytics/pipeline-analytics',
    'apis/api-dashboards',
    'apis/api-monitors',
    'apis/quota-monitor',
    'apis/vendor-metrics',
    'app/api-observability',
    'app/pipeline-references',
    'audit/audit-options',
    'bucket/log-bucket',
    'bucket/log-reader',
    'catalog/account-trail',
    'catalog/shared-catalog',
    'functions/enrichment-function',
    'observability/alarms',
    'stages/attach-stage',
    'stages/existing-stage',
    'stages/stage-log-group',
    'stream/delivery-stream',
    'stream/http-endpoint',
  ].map((name) => `lib/${name}.ts`),
];

interface Property {
  readonly name: string;
  readonly optional: boolean;
  readonly doc: string;
}

/** The properties of the interfaces that a file exports for its users. */
function propertiesIn(file: string): Property[] {
  const text = readFileSync(join(root, file), 'utf8');
  const interfaces =
    /^export interface (?:Settings|\w*(?:Props|Options|References|Reader|Endpoint|ExistingStage))\b[^{]*\{\n(.*?)^\}/gms;
  const property = /(?:^ {2}\/\*\*(.*?)\*\/\n)?^ {2}readonly (\w+)(\??):/gms;
  return [...text.matchAll(interfaces)].flatMap(([, body = '']) =>
    [...body.matchAll(property)].map(([, doc = '', name = '', mark]) => ({
      name,
      optional: mark === '?',
      doc,
    })),
  );
}

describe('the package', () => {
  test('offers these names, and breaks with none of them lightly', () => {
    expect(Object.keys(offered).sort()).toEqual([
      'AccessLogPipeline',
      'AccessLogsStack',
      'ApiDashboards',
      'ApiMonitors',
      'DeliveryStream',
      'EnrichmentFunction',
      'LogAnalytics',
      'LogBucket',
      'LogDashboards',
      'PipelineAlarms',
      'PipelineDashboard',
      'PipelineMetrics',
      'QuotaMonitor',
      'StageLogGroup',
      'SubscriptionRole',
      'VendorMetrics',
      'alarmIds',
      'logFormat',
      'monitorIds',
    ]);
  });

  test('has a name for the type of every public attribute of the pipeline', () => {
    const pipeline = readFileSync(join(root, 'lib/access-log-pipeline.ts'), 'utf8');
    const own = Array.from(
      pipeline.matchAll(/^import (?:type )?\{([^}]*)\} from '\.[^']*';/gms),
      ([, names = '']) => names.match(/\w+/g) ?? [],
    ).flat();
    const attributes = Array.from(
      pipeline.matchAll(/^ {2}readonly \w+\??: (?:readonly )?(\w+)/gm),
      ([, type = '']) => type,
    ).filter((type) => own.includes(type));
    const exported = readFileSync(join(root, 'lib/public.ts'), 'utf8');

    expect(attributes).toContain('SharedCatalog');
    expect(attributes.filter((type) => !new RegExp(`\\b${type}\\b`).test(exported))).toEqual([]);
  });

  for (const file of files) {
    test(`documents every property of ${file}, and what happens without it`, () => {
      const properties = propertiesIn(file);
      const without = properties.filter(({ doc, optional }) =>
        optional ? !/\* @default \S/.test(doc) : !/[A-Za-z]/.test(doc),
      );

      expect(properties.length).toBeGreaterThan(0);
      expect(without.map(({ name }) => name)).toEqual([]);
    });
  }

  test('documents the true default of every setting', () => {
    const documented = propertiesIn('lambda/core/settings/settings.ts')
      .filter(({ name }) => name in settingsTable)
      .map(({ name, doc }) => [name, /@default (\S+)/.exec(doc)?.[1]]);

    const inCode = Object.entries(settingsTable).map(([name, setting]) => {
      const { defaultValue } = setting as Setting<unknown>;
      const literal = JSON.stringify(defaultValue).replace(/"/g, "'");
      return [name, literal];
    });
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(inCode));
  });
});
