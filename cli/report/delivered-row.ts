/**
 * Lines that the pipeline has delivered in its canonical output: they are rows already, so most need
 * no parsing, only a check that they are what they look like.
 */

import { accessColumns } from '../../analytics/schema';
import { ownColumns } from '../../lambda/core/fields';
import { isJsonObject, objectOf, parsedJson } from '../../lambda/core/json';
import type { Settings } from '../../lambda/core/settings/settings';

/** What a delivered line turns out to be. */
export type DeliveredLine =
  /** A row as it stands. */
  | { readonly row: Readonly<Record<string, unknown>> }
  /** A log line to be read, under the names of the log. */
  | { readonly line: string }
  /** What could not be read when it was delivered; perhaps it can be now. */
  | { readonly unread: string | Buffer };

export type DeliveredReader = (line: string, hasPlans: boolean) => DeliveredLine | undefined;

const integers = new Set(
  accessColumns.filter(({ type }) => type === 'bigint').map(({ name }) => name),
);
const texts = new Set(
  accessColumns
    .filter(({ type, origin }) => type !== 'bigint' && origin !== 'ingest')
    .map(({ name }) => name),
);
const { apiType, extra, unparsedLine, unparsedLineBase64 } = ownColumns;
const API_TYPE = /"api_type":"(?:REST|HTTP|WEBSOCKET)",/;
const ISO_TIME = /^[+-]?\d{4,6}-\d\d-\d\dT[\d:.]+Z$/;

/** Undefined for a line that the canonical output did not write. */
export function deliveredReader({ usagePlanField, customerNameField }: Settings): DeliveredReader {
  const hasUsualNames = usagePlanField === 'usage_plan' && customerNameField === 'customer_name';
  const [planKey, customerKey] = [`"${usagePlanField}":`, `"${customerNameField}":`];
  return (line, hasPlans) => {
    if (line.startsWith(`{"${unparsedLine}":`)) return unreadOf(line);
    if (!line.includes(planKey) || !line.includes(customerKey)) return undefined;
    const found = parsedJson(line);
    if (!isJsonObject(found) || !isCanonical(found, usagePlanField, customerNameField))
      return undefined;
    const isPlain =
      hasUsualNames &&
      found[extra] === undefined &&
      // A value that was kept on delivery is masked here.
      (found['api_key'] ?? null) === null &&
      !(hasPlans && found['usage_plan'] === null && found['api_key_id'] !== null) &&
      Object.keys(found).every((name) => texts.has(name) || integers.has(name));
    return isPlain ? { row: found } : { line: asLogged(line, found) };
  };
}

/** Numbers are numbers there, and times ISO 8601, which no log line has. */
function isCanonical(
  found: Record<string, unknown>,
  usagePlanField: string,
  customerNameField: string,
): boolean {
  if (!(usagePlanField in found && customerNameField in found)) return false;
  for (const [name, value] of Object.entries(found)) {
    if (value === null) continue;
    if (integers.has(name) ? !Number.isSafeInteger(value) : typeof value !== 'string') return false;
  }
  const time = found['request_time'];
  return typeof time !== 'string' || ISO_TIME.test(time);
}

/** The line without what the output added itself, and with the values of `extra` where they were. */
function asLogged(line: string, found: Record<string, unknown>): string {
  const bare = apiType in found ? line.replace(API_TYPE, '') : line;
  const members = found[extra];
  // It stands last.
  const at = bare.lastIndexOf(`,"${extra}":"`);
  if (typeof members !== 'string' || at < 0) return bare;
  const inner = members.slice(1, -1);
  return `${bare.slice(0, at)}${inner === '' ? '' : ','}${inner}}`;
}

function unreadOf(line: string): DeliveredLine | undefined {
  const found = objectOf(parsedJson(line));
  const text = found[unparsedLine];
  const base64 = found[unparsedLineBase64];
  if (typeof text !== 'string') return undefined;
  return { unread: typeof base64 === 'string' ? Buffer.from(base64, 'base64') : text };
}
