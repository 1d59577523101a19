/** The app's configuration: what `cdk deploy -c key=value` and the context in cdk.json may say. */

import { Duration } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  type ConfigurableSettings,
  environmentOf,
  type FieldNamePreset,
  fieldNamePresets,
  integerBetween,
  oneOf,
  settingsTable,
  wiredSettings,
} from '../lambda/core/settings';
import type { AccessLogPipelineProps } from './access-log-pipeline';
import { checked } from './checked';
import { parseMemorySize, settingsOf } from './enrichment-function';
import { parsePipelineName } from './pipeline-name';

export interface PipelineConfig {
  readonly props: AccessLogPipelineProps;
  /** What was given and means nothing, a misspelt key perhaps. */
  readonly warnings: readonly string[];
}

type Parsers<T> = { readonly [Key in keyof T]-?: (text: string) => T[Key] };

/** A key for each property of the pipeline, of the same name. */
const parsers: Parsers<AccessLogPipelineProps> = {
  name: parsePipelineName,
  fieldNames: oneOf(Object.keys(fieldNamePresets) as FieldNamePreset[]),
  ...(Object.fromEntries(
    Object.entries(settingsTable)
      .filter(([key]) => !(wiredSettings as readonly string[]).includes(key))
      .map(([key, { parse }]) => [key, parse]),
  ) as Parsers<ConfigurableSettings>),
  sharedCatalog: parseBoolean,
  catalogSchedule: (text) => Duration.minutes(integerBetween(1, 60)(text)),
  createTrail: parseBoolean,
  memorySize: parseMemorySize,
  architecture: parseArchitecture,
  logRetention: parseRetention,
};

export const configKeys = Object.keys(parsers);

/** Reads an app's whole context; rejects with a line for each value that is not allowed. */
export function readPipelineConfig(context: Readonly<Record<string, unknown>>): PipelineConfig {
  const props: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, parse] of Object.entries<(text: string) => unknown>(parsers)) {
    if (context[key] === undefined) continue;
    attempt(problems, () => {
      props[key] = checked(key, context[key], parse);
    });
  }
  if (problems.length === 0) attempt(problems, () => environmentOf(settingsOf(props)));
  if (problems.length > 0) throw new Error(problems.join('\n'));

  const warnings = Object.keys(context)
    .filter((key) => !configKeys.includes(key) && !isOfCdk(key))
    .map(
      (key) => `context key "${key}" is unknown and ignored; known are ${configKeys.join(', ')}`,
    );
  return { props, warnings };
}

function attempt(problems: string[], action: () => void): void {
  try {
    action();
  } catch (error) {
    problems.push((error as Error).message);
  }
}

/** Feature flags, settings and cached look-ups of the CDK live in the same context. */
function isOfCdk(key: string): boolean {
  return /[:@/]/.test(key) || key === 'acknowledged-issue-numbers' || key === 'cli-telemetry';
}

function parseBoolean(text: string): boolean {
  return oneOf(['true', 'false'])(text) === 'true';
}

function parseArchitecture(text: string): Architecture {
  const name = oneOf(['arm64', 'x86_64'])(text);
  return name === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64;
}

function parseRetention(text: string): RetentionDays {
  const allowed = Object.values(RetentionDays).filter((value) => typeof value === 'number');
  return Number(oneOf(allowed.map(String))(text));
}
