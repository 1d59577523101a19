/**
 * A document of the Elastic Common Schema 8 a line: https://www.elastic.co/guide/en/ecs/8.17/index.html
 *
 * Fields go where the field table says; what ECS has no place for stands under `aws.api_gateway`. The
 * customer is the document's `organization`: the entity that the data is associated with. What no
 * field has room for is kept in `aws.api_gateway.extra` as the text of a JSON object, so that a log
 * format cannot add fields to an index.
 *
 * Left to the receiving end: what needs its databases (`source.geo`, `source.as`, the parsed user
 * agent), and what its index sets (`event.module`, `event.dataset`, `data_stream`).
 */

import type { Attribution } from '../attribution/attribute';
import type { Column } from '../catalog/customer';
import { columns } from '../fields';
import { Names } from '../names';
import { formatToMillisecond, readTime } from '../values/times';
import {
  attributedToken,
  columnReader,
  customerNamePlace,
  type LineColumns,
  placeOf,
  readingOf,
  usagePlanIdPlace,
  usagePlanPlace,
} from './columns';
import { documentNodes, documentWriter, type Leaf, type Node } from './document';
import { constants, conversions, derivations, type Origin } from './ecs-values';
import { lineWithoutSecrets } from './edits';
import { derivedToken, type Layout, type Part } from './layout';
import type { Renderer, RenderOptions } from './renderer';
import { NULL, type TimeWriter } from './tokens';
import { TypedBytes } from './typed-bytes';
import { safeToDeliver } from './unparsed';

export interface EcsOptions extends RenderOptions, Origin {
  /** Whether the line goes along as `event.original`, its secrets treated. */
  readonly preserveOriginalEvent: boolean;
}

type Tokens = (string | undefined)[];

export function ecsRenderer(options: EcsOptions): Renderer {
  const readColumns = columnReader(options, writeTime);
  const { names = Names.ofTable } = options;
  return {
    line(logLine, attribution, arrivedAt) {
      const line = readColumns(logLine, attribution);
      convertColumns(line);
      if (!line.has(timePlace)) line.tokens[timePlace] = momentOf(arrivedAt);
      // Before what is left over goes into `extra`.
      line.tokens[placeAt('labels')] = labelsOf(attribution, (column) =>
        line.fillExtraField(column),
      );
      // All of them first: what stands in for a column must not pass for the line's own value.
      const stoodIn = derived.map(([place, derive]) =>
        line.has(place) ? line.tokens[place] : derivedToken(line, derive(line, options)),
      );
      for (const [index, [place]] of derived.entries()) line.tokens[place] = stoodIn[index];
      if (options.preserveOriginalEvent) {
        const text = lineWithoutSecrets(logLine, options.apiKeyValues, names);
        line.tokens[placeAt('event.original')] = JSON.stringify(text.toWellFormed());
        // Asks Elastic's own pipelines to keep it, too.
        line.tokens[placeAt('tags')] = '["preserve_original_event"]';
      }
      return writeDocument(line.tokens);
    },
    unparsed(text, bytes, arrivedAt) {
      const { safeText, base64 } = safeToDeliver(text, bytes, options);
      const tokens: Tokens = [];
      tokens[timePlace] = momentOf(arrivedAt);
      tokens[placeAt('event.kind')] = '"pipeline_error"';
      tokens[placeAt('event.original')] = JSON.stringify(safeText);
      tokens[placeAt('error.message')] = '"not a readable access-log line"';
      tokens[placeAt('aws.api_gateway.original_base64')] = base64 && JSON.stringify(base64);
      return writeDocument(tokens);
    },
    // With the line in it a document is no longer much faster to write.
    fastPath: options.preserveOriginalEvent
      ? undefined
      : new TypedBytes(layoutOf(options), options.partitionBy),
  };
}

const writeTime: TimeWriter = (instant) => `"${formatToMillisecond(instant)}"`;

/** What is configured to be said beside plan and customer: ECS has labels for it, flat and of text. */
function labelsOf(
  { columns: said = [] }: Attribution,
  tokenOf: (column: Column) => string,
): string | undefined {
  const labels = new Map<string, string>();
  for (const column of said) {
    const token = tokenOf(column);
    if (token !== NULL) labels.set(column[0].replaceAll('.', '_'), token);
  }
  if (labels.size === 0) return undefined;
  return `{${Array.from(labels, ([name, token]) => `${JSON.stringify(name)}:${token}`).join(',')}}`;
}

/** By path: where its token stands, among a line's columns or behind them. */
const places = new Map<string, number>([
  // The two columns of the request time share a path and say the same: either will do.
  ...columns.flatMap(({ ecsPaths }, place) => ecsPaths.map((path) => [path, place] as const)),
  ['aws.api_gateway.usage_plan.name', usagePlanPlace],
  ['aws.api_gateway.usage_plan.id', usagePlanIdPlace],
  ['organization.name', customerNamePlace],
]);
const ownPaths = ['labels', 'event.original', 'tags', 'aws.api_gateway.original_base64'];
let nextPlace = customerNamePlace + 1;
for (const path of [...Object.keys(constants), ...Object.keys(derivations), ...ownPaths]) {
  if (!places.has(path)) places.set(path, nextPlace++);
}

function placeAt(path: string): number {
  return places.get(path) as number;
}

const timePlace = placeAt('@timestamp');
const extraPlace = placeAt('aws.api_gateway.extra');

const converted = Object.entries(conversions).map(
  ([column, convert]) => [placeOf(column), convert] as const,
);
const derived = Object.entries(derivations).map(
  ([path, derive]) => [placeAt(path), derive] as const,
);
const constant = Object.entries(constants).map(([path, token]) => [placeAt(path), token] as const);
const document = documentWriter(places);

/** Stands in for the request's time where the line has none: data streams refuse what has no time. */
function momentOf(arrivedAt: number | undefined): string | undefined {
  const instant = readTime(String(arrivedAt));
  return instant && `"${formatToMillisecond(instant)}"`;
}

function convertColumns(line: LineColumns): void {
  for (const [place, convert] of converted) {
    const text = line.text(place);
    if (text === undefined) continue;
    const token = convert(text);
    if (token === undefined) line.displace(place);
    else line.tokens[place] = token;
  }
}

function layoutOf(options: EcsOptions): Layout {
  const derivedAt = new Map(derived);
  const constantAt = new Map(constant);
  const partsOf = (nodes: readonly Node[]): Part[] =>
    nodes.flatMap((node) =>
      'place' in node
        ? [partOf(node)]
        : [{ opens: node.key }, ...partsOf(node.children), { closes: true }],
    );
  const partOf = ({ key, place }: Leaf): Part => {
    const attributed = attributedAt.get(place);
    if (attributed) return { attributed: (attribution) => memberOf(key, attributed(attribution)) };
    if (place === timePlace) {
      return { key, place, derive: (_, arrivedAt) => momentOf(arrivedAt), varies: true };
    }
    if (place === extraPlace) return { extraKey: key };
    const token = constantAt.get(place);
    const derive = derivedAt.get(place);
    return {
      key,
      ...(place < columns.length ? { place } : undefined),
      derive: token !== undefined ? () => token : derive && ((line) => derive(line, options)),
    };
  };
  return {
    reading: readingOf(options, writeTime),
    conversions: converted,
    parts: partsOf(documentNodes(places)),
  };
}

/** By place: what the attribution says. */
const attributedAt = new Map<number, (attribution: Attribution) => string | undefined>([
  [usagePlanPlace, ({ usagePlan }) => attributedToken(usagePlan)],
  [usagePlanIdPlace, ({ usagePlanId }) => attributedToken(usagePlanId)],
  [customerNamePlace, ({ customerName }) => attributedToken(customerName)],
  [
    placeAt('labels'),
    (attribution) => labelsOf(attribution, ([, value]) => attributedToken(value)),
  ],
]);

function memberOf(key: string, token: string | undefined): string {
  return token === undefined || token === NULL ? '' : `${key}${token},`;
}

function writeDocument(tokens: Tokens): string {
  for (const [place, token] of constant) tokens[place] = token;
  return `${document(tokens)}\n`;
}
