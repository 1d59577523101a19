/**
 * What can be configured of the enrichment, each with its environment variable, its default and its
 * check. The construct writes these variables and the function reads them, both through this table.
 */

import { type Partitioning, partitionings } from '../attribution/partition';
import { KEY_NAME_TEMPLATE } from '../catalog/customer';
import { type SecretTreatment, secretTreatments } from '../values/secrets';
import { parseStageSelection, type StageSelection } from './counted-stages';
import {
  checkAppendedNames,
  extraFields,
  fieldName,
  integerBetween,
  oneOf,
  parseLogFormats,
  parseTemplates,
  s3Location,
  template,
  writeLogFormats,
} from './setting-parsers';

/** The shapes of delivered lines. */
export const outputs = ['verbatim', 'canonical', 'ecs'] as const;

export type Output = (typeof outputs)[number];

export interface Settings {
  /**
   * The shape of delivered lines.
   *
   * `verbatim` is the line as API Gateway wrote it, `canonical` one flat typed schema, `ecs` a
   * document of the Elastic Common Schema.
   *
   * @default 'verbatim'
   */
  readonly output: Output;

  /**
   * The name of the field that a line's usage plan is appended under.
   *
   * A name that no log field has.
   *
   * @default 'usage_plan'
   */
  readonly usagePlanField: string;

  /**
   * The name of the field that a line's customer is appended under.
   *
   * A name that no log field has.
   *
   * @default 'customer_name'
   */
  readonly customerNameField: string;

  /**
   * A template of what API Gateway knows of the key and its plan, such as `{key.tags.customer}`.
   *
   * @default '{key.name}'
   */
  readonly customerName: string;

  /**
   * Further fields to append, as `name={fact}` pairs with commas between them.
   *
   * @default ''
   */
  readonly extraFields: string;

  /**
   * What becomes of API key values in delivered lines.
   *
   * `mask` leaves the last four characters, `hash` the SHA-256, `remove` nothing, `keep` all.
   *
   * @default 'mask'
   */
  readonly apiKeyValues: SecretTreatment;

  /**
   * Access-log formats, beside the known ones, by which lines are read that are no JSON.
   *
   * @default []
   */
  readonly logFormats: readonly string[];

  /**
   * What delivered records are put into folders by.
   *
   * Only for a new pipeline: Firehose cannot turn it on for a stream that there is.
   *
   * @default 'none'
   */
  readonly partitionBy: Partitioning;

  /**
   * A compressed record that grows past this is not read.
   *
   * Minimum: 1024. Maximum: 1073741824.
   *
   * @default 67108864
   */
  readonly maxInflatedBytes: number;

  /**
   * Whether ECS documents bring the line along as `event.original`; other shapes have none.
   *
   * @default false
   */
  readonly preserveOriginalEvent: boolean;

  /**
   * API stages whose requests and errors become metrics, `apiId/stage`; `*` for the first that come.
   *
   * Seven metrics each, which CloudWatch charges for. Lines are then read one by one.
   *
   * @default []
   */
  readonly apiMetrics: StageSelection;

  /**
   * An older catalog is loaded again before it is used.
   *
   * Minimum: 1. Maximum: 86400.
   *
   * @default 300
   */
  readonly catalogTtlSeconds: number;

  /**
   * Unknown keys cause at most this many control-plane calls a minute in each container.
   *
   * Minimum: 0. Maximum: 600.
   *
   * @default 20
   */
  readonly unknownKeyCallsPerMinute: number;

  /**
   * What is gone from the account stays in the catalog for this time.
   *
   * Minimum: 0. Maximum: 2592000.
   *
   * @default 86400
   */
  readonly catalogGraceSeconds: number;

  /**
   * Where the shared snapshot is, as `s3://bucket/key`; empty where there is none.
   *
   * @default ''
   */
  readonly sharedCatalogLocation: string;

  /**
   * The queue in which the snapshot's writer looks for work; empty where there is none.
   *
   * @default ''
   */
  readonly sharedCatalogQueueUrl: string;

  /**
   * Templates of other pipelines that read the shared snapshot: what they name is read for them, too.
   *
   * @default []
   */
  readonly sharedCatalogTemplates: readonly string[];
}

/** Settings that the constructs find out by themselves. */
export const wiredSettings = [
  'sharedCatalogLocation',
  'sharedCatalogQueueUrl',
  'sharedCatalogTemplates',
] as const;

export type ConfigurableSettings = Omit<Settings, (typeof wiredSettings)[number]>;

export interface Setting<T> {
  readonly variable: string;
  readonly defaultValue: T;
  /** Rejects with what was got and what is allowed. */
  readonly parse: (text: string) => T;
  /** The text that `parse` reads the value from; the value's own text where it is left out. */
  readonly write?: (value: T) => string;
  /** Only of a number: the least and the most that are allowed. */
  readonly bounds?: Bounds;
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

type IntegerSetting = Setting<number> & { readonly bounds: Bounds };

function integerSetting(row: Omit<IntegerSetting, 'parse'>): IntegerSetting {
  const { min, max } = row.bounds;
  return {
    ...row,
    parse: integerBetween(min, max),
  };
}

/** Names of the appended fields that other systems expect. */
export const fieldNamePresets = {
  default: { usagePlanField: 'usage_plan', customerNameField: 'customer_name' },
  apiable: { usagePlanField: 'plan_id', customerNameField: 'subscription_id' },
} as const;

export type FieldNamePreset = keyof typeof fieldNamePresets;

export const settingsTable: { readonly [Name in keyof Settings]: Setting<Settings[Name]> } = {
  output: {
    variable: 'OUTPUT',
    defaultValue: 'verbatim',
    parse: oneOf(outputs),
  },
  usagePlanField: {
    variable: 'USAGE_PLAN_FIELD',
    defaultValue: fieldNamePresets.default.usagePlanField,
    parse: fieldName,
  },
  customerNameField: {
    variable: 'CUSTOMER_NAME_FIELD',
    defaultValue: fieldNamePresets.default.customerNameField,
    parse: fieldName,
  },
  customerName: {
    variable: 'CUSTOMER_NAME',
    defaultValue: KEY_NAME_TEMPLATE,
    parse: template,
  },
  extraFields: {
    variable: 'EXTRA_FIELDS',
    defaultValue: '',
    parse: extraFields,
  },
  apiKeyValues: {
    variable: 'API_KEY_VALUES',
    defaultValue: 'mask',
    parse: oneOf(secretTreatments),
  },
  logFormats: {
    variable: 'LOG_FORMATS',
    defaultValue: [],
    parse: parseLogFormats,
    write: writeLogFormats,
  },
  partitionBy: {
    variable: 'PARTITION_BY',
    defaultValue: 'none',
    parse: oneOf(partitionings),
  },
  maxInflatedBytes: integerSetting({
    variable: 'MAX_INFLATED_BYTES',
    defaultValue: 64 * 1024 * 1024,
    bounds: { min: 1024, max: 1024 ** 3 },
  }),
  preserveOriginalEvent: {
    variable: 'PRESERVE_ORIGINAL_EVENT',
    defaultValue: false,
    parse: (text) => oneOf(['true', 'false'])(text) === 'true',
  },
  apiMetrics: {
    variable: 'API_METRICS',
    defaultValue: [],
    parse: parseStageSelection,
  },
  catalogTtlSeconds: integerSetting({
    variable: 'CATALOG_TTL_SECONDS',
    defaultValue: 300,
    bounds: { min: 1, max: 86_400 },
  }),
  unknownKeyCallsPerMinute: integerSetting({
    variable: 'UNKNOWN_KEY_CALLS_PER_MINUTE',
    defaultValue: 20,
    bounds: { min: 0, max: 600 },
  }),
  catalogGraceSeconds: integerSetting({
    variable: 'CATALOG_GRACE_SECONDS',
    defaultValue: 86_400,
    bounds: { min: 0, max: 30 * 86_400 },
  }),
  sharedCatalogLocation: {
    variable: 'SHARED_CATALOG_LOCATION',
    defaultValue: '',
    parse: s3Location,
  },
  sharedCatalogQueueUrl: {
    variable: 'SHARED_CATALOG_QUEUE_URL',
    defaultValue: '',
    parse: (text) => text,
  },
  sharedCatalogTemplates: {
    variable: 'SHARED_CATALOG_TEMPLATES',
    defaultValue: [],
    parse: parseTemplates,
    write: JSON.stringify,
  },
};

const names = Object.keys(settingsTable) as (keyof Settings)[];

/** The settings of the environment, with the default for each that it leaves out. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const settings = Object.fromEntries(
    names.map((name) => {
      const { variable, defaultValue } = settingsTable[name];
      const text = environment[variable];
      return [name, text === undefined ? defaultValue : parseSetting(name, variable, text)];
    }),
  ) as unknown as Settings;
  checkAppendedNames(settings);
  return settings;
}

/** The environment variables for these settings; refuses what `readSettings` would. */
export function environmentOf(settings: Partial<Settings>): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of names) {
    const value = settings[name];
    if (value === undefined) continue;
    const { variable, write = String } = settingsTable[name] as Setting<unknown>;
    const text = write(value);
    parseSetting(name, name, text);
    environment[variable] = text;
  }
  readSettings(environment);
  checkSize(environment);
  return environment;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 4 KB in all. */
// Lambda takes 4,096 of all variables; the constructs add up to some 300: the service's name, where the
// shared catalog is, and its queue.
const MAX_ENVIRONMENT_BYTES = 3700;

function checkSize(environment: Record<string, string>): void {
  const bytes = Buffer.byteLength(Object.entries(environment).flat().join(''));
  if (bytes > MAX_ENVIRONMENT_BYTES) {
    throw new Error(
      `the settings take ${bytes} bytes of a function's environment, expected ${MAX_ENVIRONMENT_BYTES} at most: ${largestOf(environment)} takes most of them`,
    );
  }
}

function largestOf(environment: Record<string, string>): string {
  const [[variable = ''] = []] = Object.entries(environment).sort(
    ([, a], [, b]) => b.length - a.length,
  );
  const [name = variable] =
    Object.entries(settingsTable).find(([, setting]) => setting.variable === variable) ?? [];
  return name;
}

function parseSetting(name: keyof Settings, label: string, text: string): Settings[keyof Settings] {
  try {
    return settingsTable[name].parse(text);
  } catch (error) {
    throw new Error(`${label}: got "${text}", expected ${(error as Error).message}`);
  }
}
