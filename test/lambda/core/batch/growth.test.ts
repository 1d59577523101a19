/**
 * The time that a record takes grows as its bytes do, whatever is repeated in it. What is measured is the
 * processor's time of this process, the least of some runs, and a shape fails only where each attempt to
 * measure it does: a busy machine makes a run slower, but not four times the bytes sixteen times as slow.
 */

import fc from 'fast-check';
import { Pass } from '../../../../lambda/core/batch/batch-pass';
import { Catalog } from '../../../../lambda/core/catalog/catalog';
import { namesIn } from '../../../../lambda/core/format/configured-names';
import { lineReader } from '../../../../lambda/core/format/line-reader';
import { rendererFor } from '../../../../lambda/core/output/renderer-for';
import { outputs, readSettings } from '../../../../lambda/core/settings/settings';
import { firehoseEvent } from '../../../support/firehose';
import { fuzzRuns } from '../../../support/fuzz-runs';

const FIRST_BYTES = 8 * 1024;
/** Firehose takes records of 1 MiB. */
const MOST_BYTES = 256 * 1024;
/** Shorter times say nothing. */
const MEASURABLE_MS = 15;
const ATTEMPTS = 4;
/** How much longer four times the bytes may take: 4 where time is linear, 16 where it is quadratic. */
const MAX_RATIO = 9;
const NOISE_MS = 30;

/** A text of about so many bytes. */
type Shape = (bytes: number) => string;

const repeated =
  (piece: string, before = '', after = ''): Shape =>
  (bytes) =>
    before + piece.repeat(Math.ceil(bytes / piece.length)) + after;

/** Half of it a large object, half of it the name of the column that the object holds. */
const nameBehindObject: Shape = (bytes) => {
  const members = Array.from({ length: bytes / 20 }, (_, index) => `"n${index}":"v"`);
  return `{"path":{${members.join(',')}}${',"path":"-"'.repeat(bytes / 22)}}`;
};

const known: Readonly<Record<string, Shape>> = {
  'a column’s name behind a large object': nameBehindObject,
  'a column’s name': repeated('"path":"-",', '{', '"x":1}'),
  'names of one column': repeated('"apiKeyId":"k1","key_id":"k2",', '{', '"x":1}'),
  'the names of two statuses': repeated(
    '"integrationStatus":1,"integration.status":2,',
    '{',
    '"x":1}',
  ),
  'objects in a row': repeated('{}'),
  'torn objects': repeated('{\nx}\n'),
  'objects that go on': repeated('{"a":\n'),
  'a secret’s name': repeated('apiKey='),
  'letters behind a secret’s name': repeated('a', 'apiKey='),
  'JSON in a string': repeated('\\"apiKey\\":\\"abcdefgh\\",', '{"m":"{', '}"}'),
  'JSON in strings in strings': repeated('\\\\\\"apiKey\\\\\\":', '{"m":"', '"}'),
  'nested objects': repeated('{"context":'),
  'nested objects that close': (bytes) => `${'{"a":'.repeat(bytes / 6)}1${'}'.repeat(bytes / 6)}`,
  brackets: repeated('['),
  quotes: repeated('"'),
  'escaped quotes': repeated('\\"', '{"a":"'),
  backslashes: repeated('\\', '{"a":"'),
  'bare dashes': repeated('"status":-,', '{', '"x":-}'),
  'words of a text format': repeated('- ', '203.0.113.7 '),
  'commas of a text format': repeated('-,', '203.0.113.7,'),
  'typed line breaks': repeated('\\n', 'x'),
  'blanks between': repeated(' ', '{"a":1', '}'),
};

const pieces = [
  ...['{', '}', '[', ']', '"', ':', ',', '\\', '\n', ' ', '-', '{}', '""', '\\"', '\\u0061', 'é'],
  ...['"path":"-",', '"apiKey":"abcdefgh",', '{"a":1}', '{"identity":{"apiKeyId":"k1"}}'],
  ...['203.0.113.7 ', 'GET ', '<a>', '</a>', '[09/Jun/2023:10:11:12 +0000] ', 'apiKey: ', '$', '/'],
];
const chosen = fc.sample(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 }), {
  numRuns: fuzzRuns(5),
  seed: Number(process.env['FUZZ_SEED'] ?? 42),
});
const shapes: [string, Shape][] = [
  ...Object.entries(known),
  ...chosen.map((some): [string, Shape] => [
    JSON.stringify(some.join('')),
    repeated(some.join('')),
  ]),
];

const logFormats = [
  '{"k":"$context.identity.apiKey","who":{"id":"$context.identity.apiKeyId"},"path":"$context.path"}',
  '$context.identity.sourceIp $context.path "$context.identity.userAgent" $context.requestId',
];

const given = [
  ...outputs.map((output) => [output, 'no', []] as const),
  ['canonical', 'two', logFormats] as const,
];

describe.each(given)('in the shape %s, with %s configured formats', (output, _, formats) => {
  const names = namesIn(formats);
  const settings = readSettings({ OUTPUT: output });
  const options = {
    renderer: rendererFor(settings, {}, names),
    readOther: lineReader(formats),
    names,
    maxInflatedBytes: settings.maxInflatedBytes,
  };

  /** Processor time, in milliseconds. */
  function timeOf(text: string, runs: number): number {
    const { records } = firehoseEvent(text);
    const times = Array.from({ length: runs }, () => {
      const start = process.cpuUsage();
      expect(new Pass(records, Catalog.empty, options).results).toHaveLength(1);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    });
    return Math.min(...times);
  }

  test.each(shapes)('the time for %s is linear', (_, shape) => {
    let bytes = FIRST_BYTES;
    while (bytes < MOST_BYTES && timeOf(shape(bytes), 2) < MEASURABLE_MS) bytes *= 2;
    const attempts: [once: number, fourTimes: number][] = [];
    const isLinear = () => {
      const [once, fourTimes] = [timeOf(shape(bytes), 3), timeOf(shape(4 * bytes), 1)];
      attempts.push([once, fourTimes]);
      return fourTimes < MAX_RATIO * once + NOISE_MS;
    };
    const holds = Array.from({ length: ATTEMPTS }).some(isLinear);

    expect([bytes, holds, ...attempts]).toEqual([bytes, true, ...attempts]);
  });
});
