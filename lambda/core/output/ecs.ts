/**
 * A document of the Elastic Common Schema 8 a line: https://www.elastic.co/guide/en/ecs/8.17/index.html
 *
 * The field table has the path of each field; what ECS has no field for stands under `aws.api_gateway`. The
 * customer is the document's `organization`: the entity that the data is associated with. What no
 * field has room for is kept in `aws.api_gateway.extra` as the text of a JSON object, so that a log
 * format cannot add fields to an index.
 *
 * Left to the receiving end: what needs its databases (`source.geo`, `source.as`, the parsed user
 * agent), and what its index sets (`event.module`, `event.dataset`, `data_stream`).
 */

import { columns } from '../fields';
import { formatToMillisecond, readTime } from '../values/times';
import { columnConfig, factOf } from './columns';
import { documentParts } from './document';
import { constants, conversions, derivations, type Origin } from './ecs-values';
import type { AttributedTokens, Layout, Part, ValueMember } from './layout';
import type { Renderer, RenderOptions } from './renderer';
import { NULL, type TimeWriter } from './tokens';
import { memberOf, typedLine, writeParts } from './typed';
import { TypedBytes } from './typed-bytes';
import { safeToDeliver } from './unparsed';

export interface EcsOptions extends RenderOptions, Origin {
  /** Whether the line goes along as `event.original`, its secrets treated. */
  readonly preserveOriginalEvent: boolean;
}

export function ecsRenderer(options: EcsOptions): Renderer {
  const layout = layoutOf(options);
  return {
    line: typedLine(layout),
    unparsed(text, bytes, arrivedAt) {
      const { safeText, base64 } = safeToDeliver(text, bytes, options);
      return unreadDocument({
        '@timestamp': momentOf(arrivedAt),
        'event.kind': '"pipeline_error"',
        'event.original': JSON.stringify(safeText),
        'error.message': '"not a readable access-log line"',
        [base64Path]: base64 && JSON.stringify(base64),
      });
    },
    fastPath: new TypedBytes(layout, options.partitionBy),
  };
}

const writeTime: TimeWriter = (instant) => `"${formatToMillisecond(instant)}"`;

/** Stands in for the request's time where the line has none: data streams refuse what has no time. */
function momentOf(arrivedAt: number | undefined): string | undefined {
  const instant = readTime(String(arrivedAt));
  return instant && `"${formatToMillisecond(instant)}"`;
}

/** By path: the column whose value stands there. */
const indexes = new Map(
  // The two columns of the request time share a path and have the same moment: either will do.
  columns.flatMap(({ ecsPaths }, index) => ecsPaths.map((path) => [path, index] as const)),
);

const converted = Object.entries(conversions).map(([column, convert]) => factOf(column, convert));

/** By path: the token of an attribution. */
const attributed = new Map<string, (tokens: AttributedTokens) => string>([
  ['aws.api_gateway.usage_plan.name', ({ usagePlan }) => usagePlan],
  ['aws.api_gateway.usage_plan.id', ({ usagePlanId }) => usagePlanId],
  ['organization.name', ({ customerName }) => customerName],
]);

const extraPath = 'aws.api_gateway.extra';
const base64Path = 'aws.api_gateway.original_base64';

function layoutOf(options: EcsOptions): Layout {
  const region = options.region ? JSON.stringify(options.region) : undefined;
  const own = options.preserveOriginalEvent ? ['event.original', 'tags'] : [];
  const paths = new Set([
    ...indexes.keys(),
    ...attributed.keys(),
    ...Object.keys(constants),
    ...Object.keys(derivations),
    extraPath,
    'labels',
    ...own,
  ]);
  return {
    config: columnConfig(options, writeTime),
    conversions: converted,
    parts: documentParts(paths, (key, path) => partOf(key, path, region)),
  };
}

function partOf(key: string, path: string, region: string | undefined): Part {
  const tokenOf = attributed.get(path);
  if (tokenOf) return { attributed: (tokens) => memberOf(key, tokenOf(tokens)) };
  switch (path) {
    case 'labels':
      return labelsAt(key);
    case extraPath:
      return { extraKey: key };
    case 'event.original':
      return { originalKey: key };
    case 'tags':
      // Asks Elastic's own pipelines to keep the original, too.
      return { key, derive: () => '["preserve_original_event"]' };
    case '@timestamp':
      return { ...valueAt(key, path), derive: (_, arrivedAt) => momentOf(arrivedAt), varies: true };
  }
  const constant = constants[path];
  if (constant !== undefined) return { key, derive: () => constant };
  const derive = derivations[path];
  return { ...valueAt(key, path), ...(derive && { derive: (line) => derive(line, region) }) };
}

function valueAt(key: string, path: string): ValueMember {
  const index = indexes.get(path);
  return index === undefined ? { key } : { key, index };
}

/** The columns that are configured beside plan and customer: ECS has labels for them, flat and of text. */
function labelsAt(key: string): Part {
  return {
    attributed(tokens, columns) {
      const labels = new Map<string, string>();
      for (const column of columns) {
        const token = tokens.column(column);
        if (token !== NULL) labels.set(column[0].replaceAll('.', '_'), token);
      }
      const members = Array.from(labels, ([name, token]) => `${JSON.stringify(name)}:${token}`);
      return members.length === 0 ? '' : `${key}{${members.join(',')}},`;
    },
  };
}

/** The document for a line that nothing could read. */
const unreadParts = documentParts(
  [
    ...['@timestamp', 'event.kind', 'event.original', 'error.message', base64Path],
    ...Object.keys(constants),
  ],
  (key, path) => ({ key, path }),
);

/** A document of tokens by path, and of what every line gets. */
function unreadDocument(tokens: Readonly<Record<string, string | undefined>>): string {
  return writeParts(unreadParts, ({ key, path }) => memberOf(key, constants[path] ?? tokens[path]));
}
