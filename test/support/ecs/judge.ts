/** Judges a document by the definitions of the Elastic Common Schema, which nobody here wrote. */

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Renderer } from '../../../lambda/core/output/renderer';

interface Definition {
  /** With `[]` behind it where ECS wants a list. */
  readonly type: string;
  /** By value: of a category, the types of event that go with it. */
  readonly allowed?: Readonly<Record<string, readonly string[]>>;
}

const definitions: Readonly<Record<string, Definition>> = JSON.parse(
  readFileSync(join(__dirname, 'ecs-8.4.0.json'), 'utf8'),
).fields;

/** By type: what Elasticsearch takes for it, and what tells the truth. */
const isOfType: Readonly<Record<string, (value: unknown) => boolean>> = {
  date: (value) => typeof value === 'string' && isMoment(value),
  ip: (value) => typeof value === 'string' && isIP(value) !== 0,
  long: (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 63,
};

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value !== '-' && value.isWellFormed();
}

function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** Whether 64 bits of nanoseconds hold a moment: `date_nanos` takes no other. */
function inNanoseconds(text: string): boolean {
  const nanoseconds = BigInt(Date.parse(text)) * 1_000_000n;
  return nanoseconds >= 0n && nanoseconds < 2n ** 63n;
}

/** What is wrong with a document, a sentence each. */
function faultsOf(document: unknown): string[] {
  const faults = leavesOf(document).flatMap(([path, value]) => faultsAt(path, value));
  const { category = [], type = [] } =
    (document as { event?: Record<string, string[]> }).event ?? {};
  const types = new Set(
    category.flatMap((name) => definitions['event.category']?.allowed?.[name] ?? []),
  );
  for (const name of type) {
    if (!types.has(name)) faults.push(`event.type ${name} goes with no category of ${category}`);
  }
  return faults;
}

function faultsAt(path: string, value: unknown): string[] {
  const wrong = (what: string) => [`${path} ${what}: ${JSON.stringify(value)}`];
  if (path.startsWith('aws.api_gateway.')) {
    const isFine = isText(value) || Number.isInteger(value);
    return isFine ? [] : wrong('is no text and no number');
  }
  if (path.startsWith('labels.')) {
    const isFlat = !path.slice('labels.'.length).includes('.');
    return isFlat && isText(value) ? [] : wrong('is no flat label of text');
  }
  const definition = definitions[path];
  if (!definition) return wrong('is no field of ECS');
  const isList = definition.type.endsWith('[]');
  if (isList !== Array.isArray(value)) return wrong(isList ? 'is no list' : 'is a list');
  const type = definition.type.replace('[]', '');
  const values = isList ? (value as unknown[]) : [value];
  if (values.length === 0) return wrong('is an empty list');
  const { allowed } = definition;
  return values.flatMap((one) => {
    if (!(isOfType[type] ?? isText)(one)) return wrong(`is no ${type}`);
    if (allowed && !Object.hasOwn(allowed, one as string)) return wrong('is not allowed');
    const isLate = path === '@timestamp' && !inNanoseconds(one as string);
    return isLate ? wrong('is out of range') : [];
  });
}

/** All paths of a document with what stands there, objects aside. */
export function leavesOf(value: unknown, path = ''): [path: string, value: unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, child]) =>
    leavesOf(child, path === '' ? name : `${path}.${name}`),
  );
}

/** A renderer of documents, each of which is judged. */
export function judged(renderer: Renderer): Renderer {
  const judge = (json: string) => {
    expect(faultsOf(JSON.parse(json))).toEqual([]);
    return json;
  };
  return {
    ...renderer,
    line: (...input) => judge(renderer.line(...input)),
    unparsed: (...input) => judge(renderer.unparsed(...input)),
  };
}
