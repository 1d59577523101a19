/** The app's configuration: what `cdk deploy -c key=value` and the context in cdk.json may have. */

import { Duration, Size } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { apiTypeNames } from '../../lambda/core/api-metrics';
import { didYouMean } from '../../lambda/core/nearest';
import { integerBetween, oneOf } from '../../lambda/core/settings/setting-parsers';
import {
  type ConfigurableSettings,
  environmentOf,
  type FieldNamePreset,
  fieldNamePresets,
  settingsTable,
  wiredSettings,
} from '../../lambda/core/settings/settings';
import { parseDay, parseReaderRole } from '../analytics/log-analytics';
import type { MonitoredStage, MonitorThresholds } from '../apis/api-monitors';
import { parseRoleArn, parseTrailPrefix } from '../audit/audit-options';
import { parsePrefix } from '../bucket/log-layout';
import { type LogReader, parsePrincipal } from '../bucket/log-reader';
import { parseMemorySize, settingsOf } from '../functions/enrichment-function';
import type { AlarmThresholds } from '../observability/alarms';
import { checked } from '../props/checked';
import { parsePipelineName } from '../props/pipeline-name';
import { compressions, parseTimeZone } from '../stream/delivery-stream';
import { type EndpointPreset, endpointPresets, parseEndpointUrl } from '../stream/http-endpoint';
import type { ConfigProps } from './config-props';
import { missingKeys } from './needed-keys';

export interface PipelineConfig {
  readonly props: ConfigProps;
  /** What was given and means nothing, a misspelt key perhaps. */
  readonly warnings: readonly string[];
}

type Parsers<T> = { readonly [Key in keyof T]-?: (text: string) => T[Key] };

/** A key for each property of the stack, of the same name. */
const parsers: Parsers<ConfigProps> = {
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
  audit: parseBoolean,
  auditReads: parseBoolean,
  auditRetention: parseDays,
  auditTrailBucket: parseBucketName,
  auditTrailPrefix: parseTrailPrefix,
  auditTrailKeyArn: arnOf('kms'),
  auditTrustedRoles: (text) => text.split(',').map((arn) => parseRoleArn(arn.trim())),
  memorySize: parseMemorySize,
  architecture: parseArchitecture,
  logRetention: parseRetention,

  prefix: parsePrefix,
  bufferSize: (text) => Size.mebibytes(integerBetween(1, 128)(text)),
  bufferInterval: (text) => Duration.seconds(integerBetween(0, 900)(text)),
  compression: oneOf(compressions),
  timeZone: parseTimeZone,
  sourceBackup: parseBoolean,
  expireLogsAfter: parseDays,
  infrequentAccessAfter: parseDays,
  archiveAfter: parseDays,
  expireErrorsAfter: parseDays,
  expireSourceAfter: parseDays,
  readers: parseReaders,
  encryptionKeyArn: arnOf('kms'),
  bucketName: parseBucketName,

  httpEndpointUrl: parseEndpointUrl,
  httpEndpointPreset: oneOf(Object.keys(endpointPresets) as EndpointPreset[]),
  httpEndpointAccessKeyArn: arnOf('secretsmanager'),
  httpEndpointAccessKeyKmsArn: arnOf('kms'),
  httpEndpointBackup: oneOf<'failed' | 'all'>(['failed', 'all']),

  alarms: parseAlarms,
  alarmTopicArn: arnOf('sns'),
  alarmMinimumKeyedLines: integerBetween(1, 1_000_000),
  runbookUrl: (text) => text,
  dashboard: parseBoolean,

  analytics: parseBoolean,
  analyticsDatabase: (text) => text,
  analyticsSince: parseDay,
  analyticsLateDays: integerBetween(1, 30),
  analyticsQueryLimit: (text) => Size.gibibytes(integerBetween(1, 1_000_000)(text)),
  analyticsReaders: (text) => text.split(',').map((arn) => parseReaderRole(arn.trim())),
  analyticsDashboards: parseBoolean,
  analyticsPage: parseBoolean,
  analyticsPageDays: integerBetween(1, 31),
  analyticsPartitions: (text) => text.split(',').map((value) => value.trim()),

  apiDashboards: parseBoolean,
  apiMonitors: parseBoolean,
  apiMonitorStages: parseStages,
  apiMonitorThresholds: parseThresholds,
  quotaMonitor: parseBoolean,
  vendorMetrics: parseBoolean,
  vendorMetricsUrl: parseEndpointUrl,
  vendorMetricsAccessKeyArn: arnOf('secretsmanager'),
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
  if (problems.length === 0) problems.push(...missingKeys(props, context));
  if (problems.length > 0) throw new Error(problems.join('\n'));

  const warnings = Object.keys(context)
    .filter((key) => !configKeys.includes(key) && !isOfCdk(key))
    .map((key) => {
      const hint =
        didYouMean(key, configKeys) || ': docs/configuration.md lists those that are known';
      return `context key "${key}" is unknown and ignored${hint}`;
    });
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

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function parseBucketName(text: string): string {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text)) throw new Error('the name of a bucket');
  return text;
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

function parseDays(text: string): Duration {
  return Duration.days(integerBetween(1, 36_500)(text));
}

/** Principals with commas between them, or a JSON list of principals and readers. */
function parseReaders(text: string): LogReader[] {
  const list = text.startsWith('[') ? parseJson(text) : text.split(',');
  return (list as (string | LogReader)[]).map((entry) => {
    const reader = typeof entry === 'string' ? { principal: entry.trim() } : entry;
    parsePrincipal(String(reader?.principal));
    return reader;
  });
}

function parseAlarms(text: string): AlarmThresholds | false {
  const alarms = parseJson(text);
  if (alarms !== false && (typeof alarms !== 'object' || alarms === null)) {
    throw new Error('false, or JSON such as {"unknownKeys": 10, "functionSlow": false}');
  }
  return alarms as AlarmThresholds | false;
}

/** `REST:orders:prod`, with commas between; a REST API by its name, others by their ids. */
function parseStages(text: string): MonitoredStage[] {
  return text.split(',').map((entry) => {
    const [type, api, stage, ...rest] = entry.trim().split(':');
    const known = apiTypeNames.find((name) => name === type);
    if (!known || !api || !stage || rest.length > 0) {
      throw new Error('TYPE:API:STAGE such as REST:orders:prod, with commas between');
    }
    return { type: known, api, stage };
  });
}

function parseThresholds(text: string): MonitorThresholds {
  const thresholds = parseJson(text);
  if (typeof thresholds !== 'object' || thresholds === null) {
    throw new Error('JSON such as {"serverErrors": 0.01, "lowTraffic": false}');
  }
  return thresholds as MonitorThresholds;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('JSON');
  }
}

function arnOf(service: string): (text: string) => string {
  return (text) => {
    if (!new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:.+`).test(text)) {
      throw new Error(`an ARN such as arn:aws:${service}:eu-west-1:111122223333:…`);
    }
    return text;
  };
}
