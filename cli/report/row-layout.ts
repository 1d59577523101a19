/**
 * A row of `access` as the fast path writes it from a line: the columns of the canonical output, under
 * the usual names, and what reading adds. Moments are numbers: they are kept so.
 */

import { endpointOf } from '../../analytics/endpoint';
import { columns, ownColumns } from '../../lambda/core/fields';
import { namesIn } from '../../lambda/core/format/configured-names';
import { apiTypeTokenOf } from '../../lambda/core/output/api-type';
import { type Columns, columnConfig, columnIndex } from '../../lambda/core/output/columns';
import type { AttributedTokens, Layout, Part } from '../../lambda/core/output/layout';
import type { Settings } from '../../lambda/core/settings/settings';
import type { IpFacts } from './ip-facts';

/** Members of a delivered ECS document, a failed record or an unparsed line: no columns, other code reads them. */
const deliveredNames: readonly string[] = ['ecs', 'attemptsMade', 'unparsed_line'];

/** The columns that an attribution decides of, in the order of their parts. */
export const attributedColumns: readonly string[] = [
  'usage_plan',
  ownColumns.usagePlanId,
  'customer_name',
];
const attributedTokens: readonly ((tokens: AttributedTokens) => string)[] = [
  ({ usagePlan }) => usagePlan,
  ({ usagePlanId }) => usagePlanId,
  ({ customerName }) => customerName,
];

const [resourcePath, routeKey, path, stage, sourceIp] = [
  'resource_path',
  'route_key',
  'path',
  'stage',
  'source_ip',
].map(columnIndex) as [number, number, number, number, number];

/** Keys are quoted, with a colon, as for a line of JSON. */
export function rowLayout(
  settings: Settings,
  factsOf: (ip: string) => IpFacts | undefined,
): Layout {
  const options = { ...settings, names: namesIn(settings.logFormats) };
  let lastIp: string | undefined;
  let lastFacts: IpFacts | undefined;
  const facts = (line: Columns) => {
    const ip = textAt(line, sourceIp);
    if (ip === lastIp) return lastFacts;
    lastIp = ip;
    lastFacts = ip === undefined ? undefined : factsOf(ip);
    return lastFacts;
  };
  return {
    config: {
      ...columnConfig(options, ({ epochMs }) => String(epochMs)),
      // That of the request is written as a number, from itself.
      writeTime: () => '',
    },
    conversions: [],
    namesLeftOut: deliveredNames,
    parts: [
      ...columns.map(({ column }, index) => ({ key: keyOf(column), index })),
      { key: keyOf(ownColumns.apiType), derive: apiTypeTokenOf },
      ...attributedTokens.map((attributed): Part => ({ attributed })),
      { extraKey: keyOf(ownColumns.extra) },
      { key: keyOf('endpoint'), derive: (line) => token(endpointAt(line)) },
      { key: keyOf('country'), derive: (line) => token(facts(line)?.country) },
      { key: keyOf('network'), derive: (line) => token(facts(line)?.network) },
    ],
  };
}

function keyOf(name: string): string {
  return `${JSON.stringify(name)}:`;
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

function textAt(line: Columns, index: number): string | undefined {
  return line.has(index) ? line.text(index) : undefined;
}

function token(text: string | undefined): string | undefined {
  return text === undefined ? undefined : JSON.stringify(text);
}
