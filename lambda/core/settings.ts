/**
 * What can be configured of the enrichment, each with its environment variable, its default and its
 * check. The construct writes these variables and the function reads them, both through this table.
 */

import { fieldNamed } from './fields';
import { type SecretTreatment, secretTreatments } from './secrets';

/** The shapes of delivered lines. */
export const outputs = ['verbatim'] as const;

export type Output = (typeof outputs)[number];

export interface Settings {
  /** The shape of delivered lines. */
  readonly output: Output;
  /** The name of the field that a line's usage plan is appended under. */
  readonly usagePlanField: string;
  /** The name of the field that a line's customer is appended under. */
  readonly customerNameField: string;
  /** What becomes of API key values in delivered lines. */
  readonly apiKeyValues: SecretTreatment;
  /** A compressed record that grows past this is not read. */
  readonly maxInflatedBytes: number;
  /** An older catalog is loaded again before it is used. */
  readonly catalogTtlSeconds: number;
  /** Unknown keys, and loads that fail, cause at most one load in this time. */
  readonly catalogMinLoadIntervalSeconds: number;
  /** A load of the catalog that takes longer has failed. */
  readonly catalogLoadTimeoutSeconds: number;
}

interface Setting<T> {
  readonly variable: string;
  readonly defaultValue: T;
  /** Rejects with what was got and what is allowed. */
  readonly parse: (text: string) => T;
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
  apiKeyValues: {
    variable: 'API_KEY_VALUES',
    defaultValue: 'mask',
    parse: oneOf(secretTreatments),
  },
  maxInflatedBytes: {
    variable: 'MAX_INFLATED_BYTES',
    defaultValue: 64 * 1024 * 1024,
    parse: integerBetween(1024, 1024 ** 3),
  },
  catalogTtlSeconds: {
    variable: 'CATALOG_TTL_SECONDS',
    defaultValue: 300,
    parse: integerBetween(1, 86_400),
  },
  catalogMinLoadIntervalSeconds: {
    variable: 'CATALOG_MIN_LOAD_INTERVAL_SECONDS',
    defaultValue: 30,
    parse: integerBetween(1, 3_600),
  },
  catalogLoadTimeoutSeconds: {
    variable: 'CATALOG_LOAD_TIMEOUT_SECONDS',
    defaultValue: 240,
    // The function has 5 minutes, Firehose's own limit: a slow load is to fail in time to say so.
    parse: integerBetween(1, 290),
  },
};

const names = Object.keys(settingsTable) as (keyof Settings)[];

/** The settings that the environment gives, the default for each that it leaves out. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const settings = Object.fromEntries(
    names.map((name) => {
      const { variable, defaultValue } = settingsTable[name];
      const text = environment[variable];
      return [name, text === undefined ? defaultValue : parseSetting(name, variable, text)];
    }),
  ) as unknown as Settings;
  if (settings.usagePlanField === settings.customerNameField) {
    throw new Error(
      `usagePlanField and customerNameField: got "${settings.usagePlanField}" for both, expected two names`,
    );
  }
  return settings;
}

/** The environment variables that say what these settings say; refuses what `readSettings` would. */
export function environmentOf(settings: Partial<Settings>): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of names) {
    const value = settings[name];
    if (value === undefined) continue;
    parseSetting(name, name, String(value));
    environment[settingsTable[name].variable] = String(value);
  }
  readSettings(environment);
  return environment;
}

function parseSetting(name: keyof Settings, label: string, text: string): Settings[keyof Settings] {
  try {
    return settingsTable[name].parse(text);
  } catch (error) {
    throw new Error(`${label}: got "${text}", expected ${(error as Error).message}`);
  }
}

function fieldName(text: string): string {
  if (!/^[A-Za-z_][\w.@-]{0,127}$/.test(text)) {
    throw new Error('a field name: a letter or _, then up to 127 letters, digits, _ . @ -');
  }
  if (fieldNamed(text)) throw new Error('a name that no log field has');
  return text;
}

export function oneOf<T extends string>(allowed: readonly T[]): (text: string) => T {
  return (text) => {
    if (!(allowed as readonly string[]).includes(text)) throw new Error(allowed.join(', '));
    return text as T;
  };
}

export function integerBetween(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < min || value > max) {
      throw new Error(`a whole number from ${min} to ${max}`);
    }
    return value;
  };
}
