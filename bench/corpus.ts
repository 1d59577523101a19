/**
 * What the benchmarks run on: an account with 10,000 API keys, and batches as Firehose sends them.
 * Seeded, so that two runs, and two machines, see the same bytes.
 *
 * Every record draws its key anew: the worst case for caches, where real traffic has favorites.
 */

import { gzipSync } from 'node:zlib';
import { columns, fieldOfVariable } from '../lambda/core/fields';
import { knownFormats } from '../lambda/core/format/known/known-formats';
import { random } from './random';

export interface Plan {
  readonly id: string;
  readonly name: string;
  readonly apiStages: { readonly apiId: string; readonly stage: string }[];
  readonly keys: { readonly id: string; readonly name: string }[];
}

/** An account whose keys are spread evenly over its plans. */
export function account(planCount: number, keyCount: number): Plan[] {
  const { pick, text } = random(1);
  return Array.from({ length: planCount }, (_, plan) => ({
    id: text(6),
    name: pick(['Free', 'Basic', 'Professional', 'Enterprise']) + plan,
    apiStages: [
      { apiId: text(10), stage: 'prod' },
      { apiId: text(10), stage: 'beta' },
    ],
    keys: Array.from({ length: Math.ceil((keyCount - plan) / planCount) }, () => ({
      id: text(10),
      name: `subscription-${text(16)}`,
    })),
  }));
}

export const lineKinds = [
  'short',
  'small',
  'secret',
  'large',
  'nested',
  'scalars',
  'formats',
  'sumo',
] as const;

export type LineKind = (typeof lineKinds)[number];

interface Call {
  readonly keyId: string;
  readonly apiId: string;
  readonly stage: string;
}

type Random = ReturnType<typeof random>;

/** Endless lines of a kind; 5 % name a key that no plan has. */
export function* linesOf(kind: LineKind, plans: readonly Plan[]): Generator<string, never> {
  const source = random(2);
  for (;;) {
    const plan = source.pick(plans);
    const { apiId, stage } = source.pick(plan.apiStages);
    const keyId = source.chance(0.05) ? source.text(10) : source.pick(plan.keys).id;
    const call = { keyId, apiId, stage };
    yield lineOf(kind, source, call);
  }
}

function lineOf(kind: LineKind, source: Random, call: Call): string {
  switch (kind) {
    case 'short':
      return JSON.stringify({ key_id: call.keyId, api_id: call.apiId, stage: call.stage });
    case 'large':
      return largeLine(source, call);
    case 'nested':
      return nestedLine(source, call);
    case 'scalars':
      return scalarsLine(source, call);
    case 'formats':
      return formattedLine(source, call, fourFormats);
    case 'sumo':
      return formattedLine(source, call, sumoFormats);
    default:
      return smallLine(source, call, kind === 'secret');
  }
}

/** 13 fields in the way of a widespread log format, which has the key's value as its second one. */
function smallLine(source: Random, { keyId, apiId, stage }: Call, withSecret: boolean): string {
  const second = withSecret ? `"api_key":"${source.text(40)}"` : '"protocol":"HTTP/1.1"';
  return (
    `{"api_id":"${apiId}",${second},"key_id":"${keyId}","ip":"${source.ip()}",` +
    `"method":"${source.pick(['GET', 'POST', 'PUT'])}","uri":"/v1/pets/{petId}/${source.digits(6)}",` +
    `"response_size":"${source.digits(4)}","response_status":"${source.pick([200, 201, 404, 429])}",` +
    `"resource_id":"${source.text(6)}","request_id":"${source.uuid()}",` +
    `"request_latency":"${source.digits(3)}",` +
    `"request_time":"${source.time()}","stage":"${stage}"}`
  );
}

/** 60 fields under this project's own names: 2 % have text beyond ASCII, 10 % escaped quotes. */
function largeLine(source: Random, { keyId, apiId, stage }: Call): string {
  const members = columns
    .filter((field) => !field.secret)
    .slice(0, 60)
    .map(({ column, type }) => {
      if (column === 'api_key_id') return `"${column}":"${keyId}"`;
      if (column === 'api_id') return `"${column}":"${apiId}"`;
      if (column === 'stage') return `"${column}":"${stage}"`;
      if (column === 'path' && source.chance(0.02))
        return `"${column}":"/v1/päts/${source.text(9)}/犬"`;
      if (column === 'user_agent' && source.chance(0.1))
        return `"${column}":"say \\"${source.text(9)}\\""`;
      if (column === 'request_time') return `"${column}":"${source.time()}"`;
      if (type !== 'string') return `"${column}":"${source.digits(4)}"`;
      return `"${column}":"${source.chance(0.2) ? '-' : source.text(source.between(4, 34))}"`;
    });
  return `{${members.join(',')}}`;
}

/** Fields in an object, and an object of which none is a field. */
function nestedLine(source: Random, call: Call): string {
  const identity = { apiKeyId: call.keyId, sourceIp: source.ip(), userAgent: 'curl/8.5.0' };
  const authorizer = { claims: { groups: ['a', 'b'], level: { of: 3 } } };
  const others = smallLine(source, call, false).replace(/"(key_id|ip)":"[^"]*",/g, '');
  return `{"identity":${JSON.stringify(identity)},"authorizer":${JSON.stringify(authorizer)},${others.slice(1)}`;
}

function scalarsLine(source: Random, call: Call): string {
  const scalars = {
    error: null,
    cached: source.chance(0.5),
    ratio: 0.125,
    cost: 1.5e-7,
    retries: 0,
  };
  return `${JSON.stringify(scalars).slice(0, -1)},${smallLine(source, call, false).slice(1)}`;
}

const formatsNamed = (...names: string[]) =>
  names.map((name) => knownFormats.find((known) => known.name === name)?.format as string);
const fourFormats = formatsNamed('rest', 'elastic-rest', 'sumo-rest', 'datadog');
/** They have some columns under two names. */
const sumoFormats = formatsNamed('sumo-rest', 'sumo-http');

/** A line of one of the formats, with a value for each variable but for some. */
function formattedLine(source: Random, { keyId, apiId, stage }: Call, formats: readonly string[]) {
  const error = source.chance(0.1) ? source.text(20) : '-';
  const values: Record<string, string> = {
    // Two variables of the same value.
    'integration.error': error,
    integrationErrorMessage: error,
    apiId,
    stage,
    'identity.apiKeyId': keyId,
    'identity.apiKey': '-',
    requestTime: source.time(),
    requestTimeEpoch: '1780000000000',
    status: source.pick(['200', '201', '404', '429']),
    httpMethod: source.pick(['GET', 'POST', 'PUT']),
    path: `/v1/pets/${source.digits(6)}`,
    'identity.sourceIp': source.ip(),
  };
  return source.pick(formats).replace(/\$context\.([\w.]+)/g, (_, variable: string) => {
    const known = values[variable];
    if (known !== undefined) return known;
    const type = fieldOfVariable(variable)?.type;
    // As a service's latency, which two variables have, is the same in both.
    if (type !== 'string') return '42';
    return source.chance(0.5) ? '-' : source.text(source.between(4, 20));
  });
}

const MIB = 1024 * 1024;
const LINES_OF_ONE_RECORD = 3_500;

/** Lines that many streams have, beside the plainest ones: no kind of them may fall behind. */
export const kindsOfLines = [
  'nested-1mb',
  'scalars-1mb',
  'two-lines-1mb',
  'many-lines-1mb',
  'formats-1mb',
  'sumo-1mb',
] as const;

export const batchNames = [
  'small-1mb',
  'small-3mb',
  'large-1mb',
  'large-3mb',
  'secret-1mb',
  ...kindsOfLines,
  'envelopes-1mb',
  'adversarial-1mb',
] as const;

export type BatchName = (typeof batchNames)[number];

export function contentsOf(name: BatchName, plans: readonly Plan[]): (string | Buffer)[] {
  if (name === 'envelopes-1mb') return envelopes(upTo(MIB, linesOf('small', plans)));
  if (name === 'adversarial-1mb') return upTo(MIB, linesOf('small', plans)).map(spoil);
  if (name === 'two-lines-1mb') return inRecordsOf(2, upTo(MIB, linesOf('small', plans)));
  if (name === 'many-lines-1mb') {
    const lines = linesOf('small', plans);
    const all = Array.from({ length: LINES_OF_ONE_RECORD }, () => lines.next().value);
    return inRecordsOf(LINES_OF_ONE_RECORD, all);
  }
  const [kind, size] = name.split('-') as [LineKind, string];
  return upTo(size === '3mb' ? 3 * MIB : MIB, linesOf(kind, plans));
}

export function upTo(bytes: number, lines: Iterator<string>): string[] {
  const taken: string[] = [];
  for (let size = 0; size < bytes; ) {
    const line = lines.next().value;
    taken.push(line);
    size += Buffer.byteLength(line);
  }
  return taken;
}

function inRecordsOf(count: number, lines: readonly string[]): string[] {
  const records: string[] = [];
  for (let at = 0; at < lines.length; at += count) {
    records.push(`${lines.slice(at, at + count).join('\n')}\n`);
  }
  return records;
}

/** As CloudWatch Logs sends them: some hundred lines each. */
function envelopes(lines: readonly string[]): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0; at < lines.length; at += 250) all.push(envelopeOf(lines.slice(at, at + 250)));
  return all;
}

export function envelopeOf(lines: readonly string[]): Buffer {
  const envelope = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/apis/pets',
    logStream: '5a1e3c2b',
    subscriptionFilters: ['to-firehose'],
    logEvents: lines.map((message, index) => ({
      id: `3${String(index).padStart(55, '0')}`,
      timestamp: 1_780_000_000_000 + index,
      message,
    })),
  };
  return gzipSync(JSON.stringify(envelope));
}

/** All that the fast path leaves, and all that nothing can read, in turn. */
function spoil(line: string, index: number): string | Buffer {
  const body = line.slice(1, -1);
  const hostile: readonly (() => string | Buffer)[] = [
    () => `${line}\n`,
    () => `{ ${body.replaceAll('","', '" , "')} }\r\n`,
    () => `{\n${body.replaceAll('","', '",\n"')}\n}`,
    () => `{"authorizer":{"a":[1,{"b":"}{"}]},${body}}`,
    () => `{"key\\u005fid":"x",${body}}`,
    () => `{${body},"key_id":"-"}`,
    () => `{${body},"usage_plan":"-"}`,
    () => `{"n":12345678901234567890,"m":1.10,"k":null,${body}}`,
    () => line + line,
    () => `${line}\n${line}\\n`,
    () => line.slice(0, -20),
    () => `{${body.replaceAll('"', "'")}}`,
    () => Buffer.concat([Buffer.from(line.slice(0, -2)), Buffer.from([0xff, 0x22, 0x7d])]),
    () => `{"messageType":"CONNECT","owner":"me",${body}}`,
    () => '{}',
    () => gzipSync(line),
  ];
  return (hostile[index % hostile.length] as () => string | Buffer)();
}

/** The text of the event that Firehose sends with these records. */
export function eventText(contents: readonly (string | Buffer)[]): string {
  const { digits } = random(3);
  return JSON.stringify({
    invocationId: '1f8a6a0e-7e0c-4d6d-9c5f-0d3a1a0f7a11',
    deliveryStreamArn:
      'arn:aws:firehose:us-east-1:111122223333:deliverystream/amazon-apigateway-bench',
    region: 'us-east-1',
    records: contents.map((content, index) => ({
      recordId: digits(56),
      approximateArrivalTimestamp: 1_780_000_000_000 + index,
      data: Buffer.from(content).toString('base64'),
    })),
  });
}
