/**
 * What is allowed of each setting and what it means, as docs/configuration.md has it; apart from the settings,
 * since the function has no use for it.
 */

import { type ConfigurableSettings, settingsTable } from './settings';

const meanings: { readonly [Name in keyof ConfigurableSettings]: string } = {
  output: '`verbatim`, `canonical` (one flat typed schema), `ecs` (Elastic Common Schema)',
  usagePlanField: 'a field name that no log field has',
  customerNameField: 'a field name that no log field has',
  customerName:
    'a template of `{key.name}`, `{key.id}`, `{key.customerId}` (AWS Marketplace), `{key.tags.NAME}`, `{plan.name}`, `{plan.id}`, `{plan.tags.NAME}`; `{key.tags.customer\\|key.name}` is the first that is there',
  extraFields:
    'further fields by the same templates: `usage_plan_id={plan.id},team={key.tags.team}`',
  apiKeyValues: '`mask`, `keep`, `hash` (SHA-256), `remove`',
  logFormats:
    'a JSON array of access-log formats, for lines that are no JSON and of no known format',
  partitionBy:
    '`none`, `api`, `plan`, `customer`: a folder for each, see [layout](layout.md). It cannot be changed on an existing stream: give the pipeline another `name`',
  maxInflatedBytes: 'a compressed record that grows past it fails',
  preserveOriginalEvent: '`true`, `false`: whether ECS documents have the line as `event.original`',
  apiMetrics:
    'API stages with metrics of what only the access log tells, `a1b2c3d4e5/prod,f6g7h8i9j0/$default`, 20 at most; `*`: the first 20 that a container sees. [What it costs](costs.md#metrics-of-the-access-log)',
  catalogTtlSeconds: 'older usage plans are loaded again',
  unknownKeyCallsPerMinute: 'calls that unknown keys may cause, in each container',
  catalogGraceSeconds: 'how long keys, plans and stages that are gone keep their names',
};

/** What a setting does; for a number, with its bounds. */
export function documentationOf(name: keyof ConfigurableSettings): string {
  const { bounds } = settingsTable[name];
  return bounds ? `${bounds.min} to ${bounds.max}: ${meanings[name]}` : meanings[name];
}
