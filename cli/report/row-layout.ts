/**
 * A row of `access` as the fast path writes it from a line: what the canonical output has, under the
 * usual names and without columns that say nothing, and what reading adds.
 */

import { endpointOf } from '../../analytics/endpoint';
import { namesIn } from '../../lambda/core/format/configured-names';
import { canonicalLayout } from '../../lambda/core/output/canonical';
import { type Columns, placeOf } from '../../lambda/core/output/columns';
import type { Layout, Part } from '../../lambda/core/output/layout';
import type { Settings } from '../../lambda/core/settings/settings';
import type { IpFacts } from './ip-facts';

/** What lines are delivered in, or kept in when they fail: all of it is read in another way. */
const deliveredNames: readonly string[] = ['ecs', 'attemptsMade', 'unparsed_line'];

const [resourcePath, routeKey, path, stage, sourceIp] = [
  'resource_path',
  'route_key',
  'path',
  'stage',
  'source_ip',
].map(placeOf) as [number, number, number, number, number];

export function rowLayout(
  settings: Settings,
  factsOf: (ip: string) => IpFacts | undefined,
): Layout {
  const options = { ...settings, names: namesIn(settings.logFormats) };
  const usualNames = { usagePlanField: 'usage_plan', customerNameField: 'customer_name' };
  const facts = (line: Columns) => {
    const ip = textAt(line, sourceIp);
    return ip === undefined ? undefined : factsOf(ip);
  };
  return {
    ...canonicalLayout(options),
    namesLeftOut: deliveredNames,
    parts: [
      ...canonicalLayout({ ...options, ...usualNames }).parts.map(withoutNull),
      { key: '"endpoint":', derive: (line) => token(endpointAt(line)) },
      { key: '"country":', derive: (line) => token(facts(line)?.country) },
      { key: '"network":', derive: (line) => token(facts(line)?.network) },
    ],
  };
}

function withoutNull(part: Part): Part {
  if (!('writesNull' in part)) return part;
  const { writesNull: _, ...rest } = part;
  return rest;
}

/** What decides of most lines is asked first, and nothing else of them. */
function endpointAt(line: Columns): string | undefined {
  const resource = textAt(line, resourcePath);
  if (resource !== undefined && !resource.endsWith('+}')) return resource;
  const route = textAt(line, routeKey);
  if (resource === undefined && route?.includes(' /') && !route.endsWith('+}')) {
    return endpointOf({ routeKey: route });
  }
  return endpointOf({
    resourcePath: resource,
    routeKey: route,
    path: textAt(line, path),
    stage: textAt(line, stage),
  });
}

function textAt(line: Columns, place: number): string | undefined {
  return line.has(place) ? line.text(place) : undefined;
}

function token(text: string | undefined): string | undefined {
  return text === undefined ? undefined : JSON.stringify(text);
}
