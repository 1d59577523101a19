/**
 * Small records that grow to the cap of 64 MiB, in the bundle and with the memory that Lambda gives a
 * function of 512 MB: each is delivered, goes back in pieces or fails, and hurts nobody else.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Output, outputs } from '../../../lambda/core/settings/settings';
import { bundleFunction } from '../../../lib/functions/bundling';
import { type BundleProcess, startBundle } from '../../support/bundle-process';
import { firehoseEvent, textOf } from '../../support/firehose';
import { type FirehoseServer, startFirehose } from '../../support/firehose-server';

const MIB = 1024 * 1024;
const SIZE = 64 * MIB - 16;

const filledWith = (text: string) => Buffer.alloc(SIZE, text);

function envelopeFilledWith(event: string): Buffer {
  const head =
    '{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","logEvents":[';
  const events = `${event},`.repeat((SIZE - 200) / (event.length + 1)).slice(0, -1);
  return Buffer.from(`${head}${events}]}`);
}

const lineFilledWith = (text: string) =>
  Buffer.concat([Buffer.from('{"a":"'), filledWith(text).subarray(16), Buffer.from('"}')]);

/** As many members of gzip as a record has room for. */
const members = (content: string) => {
  const member = gzipSync(content);
  return Buffer.concat(Array.from({ length: (900 * 1024) / member.length }, () => member));
};

const event = (message: string) => `{"id":"1","timestamp":1,"message":"${message}"}`;

/** What may become of each: `Ok`, back in pieces (`Reingest`), or `ProcessingFailed`. */
const bombs: Readonly<Record<string, { content: () => Buffer; fate: string }>> = {
  'objects without members': { content: () => gzipSync(filledWith('{}')), fate: 'Reingested' },
  'objects a line': { content: () => gzipSync(filledWith('{}\n')), fate: 'Reingested' },
  'a letter a line': { content: () => gzipSync(filledWith('a\n')), fate: 'Reingested' },
  'a brace a line': { content: () => gzipSync(filledWith('{\n')), fate: 'Reingested' },
  braces: { content: () => gzipSync(filledWith('{')), fate: 'ProcessingFailed' },
  nesting: { content: () => gzipSync(filledWith('{"a":')), fate: 'ProcessingFailed' },
  NULs: { content: () => gzipSync(filledWith('\0')), fate: 'ProcessingFailed' },
  'one line': { content: () => gzipSync(lineFilledWith('x')), fate: 'ProcessingFailed' },
  'escaped quotes': { content: () => gzipSync(lineFilledWith('\\"')), fate: 'ProcessingFailed' },
  'JSON in a string': {
    content: () => gzipSync(lineFilledWith('\\"apiKey\\":')),
    fate: 'ProcessingFailed',
  },
  'quotes in a value': {
    content: () => gzipSync(`{"apiId":"a","stage":"b","requestId":"${'"'.repeat(2 * MIB)}"}`),
    fate: 'ProcessingFailed',
  },
  'beginnings of objects': {
    content: () => gzipSync(filledWith('{"a":\n')),
    fate: 'Reingested',
  },
  'values of a CSV': { content: () => gzipSync(','.repeat(4 * MIB)), fate: 'ProcessingFailed' },
  'values of a CLF': { content: () => gzipSync('1.1.1.1 '.repeat(MIB)), fate: 'ProcessingFailed' },
  'elements of XML': {
    content: () => gzipSync('<request id="'.repeat(MIB / 4)),
    fate: 'ProcessingFailed',
  },
  'more than is read': {
    content: () => gzipSync(Buffer.alloc(80 * MIB, 'a')),
    fate: 'ProcessingFailed',
  },
  'line breaks': { content: () => gzipSync(filledWith('\n')), fate: 'Dropped' },
  'events of an envelope': {
    content: () => gzipSync(envelopeFilledWith(event('a'))),
    fate: 'Reingested',
  },
  'empty events of an envelope': {
    content: () => gzipSync(envelopeFilledWith(event(''))),
    fate: 'Dropped',
  },
  'objects in the events of an envelope': {
    content: () => gzipSync(envelopeFilledWith(event('{}'))),
    fate: 'Reingested',
  },
  'empty members of gzip': { content: () => members(''), fate: 'Dropped' },
  'an object in each member of gzip': { content: () => members('{}\n'), fate: 'Ok' },
};

/** In every output; verbatim has them all. */
const inAll = ['objects without members', 'empty events of an envelope', 'JSON in a string'];

/** A generous bound: alone on a machine none takes a tenth of it. */
const MAX_MS = 240_000;

let folder: string;
let bundle: string;
let stream: FirehoseServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bombs-'));
  bundle = bundleFunction('enrich', folder);
  stream = await startFirehose();
});

afterAll(async () => {
  await stream.close();
  rmSync(folder, { recursive: true });
});

describe.each(outputs)('in the shape %s', (output: Output) => {
  let process: BundleProcess;

  beforeAll(() => {
    const environment = {
      OUTPUT: output,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_FIREHOSE: stream.url,
    };
    process = startBundle(bundle, environment, ['--max-old-space-size=460']);
  });

  afterAll(() => process.kill());

  const names = output === 'verbatim' ? Object.keys(bombs) : inAll;
  test.each(names)(
    'a bomb of %s hurts no neighbour',
    async (name) => {
      const { content, fate } = bombs[name] as (typeof bombs)[string];
      const bomb = content();
      const before = stream.accepted.length;

      const { records } = await process.invoke(
        firehoseEvent('{"requestId":"first"}', bomb, '{"requestId":"last"}'),
      );

      const results = records.map(({ result }) => result);
      expect(results).toEqual(['Ok', fate === 'Reingested' ? 'Dropped' : fate, 'Ok']);
      expect(textOf(records[0])).toContain('first');
      expect(textOf(records[2])).toContain('last');
      expect(process.peakBytes).toBeLessThan(450 * MIB);
      const pieces = stream.accepted.slice(before).map((data) => Buffer.from(data, 'base64'));
      expect(pieces).toHaveLength(fate === 'Reingested' ? 2 : 0);
      const lengths = pieces.map((piece) => gunzipSync(piece).length);
      if (fate === 'Reingested') expect(Math.max(...lengths)).toBeLessThan(SIZE * 0.6);
    },
    MAX_MS,
  );

  test(
    'a batch of bombs hurts no neighbour',
    async () => {
      const bomb = gzipSync(filledWith('a\n'));

      const { records } = await process.invoke(
        firehoseEvent('{"requestId":"first"}', ...Array(14).fill(bomb), '{"requestId":"last"}'),
      );

      const results = records.map(({ result }) => result);
      expect([...new Set(results.slice(1, -1))]).toEqual(['Dropped']);
      expect([textOf(records[0]), textOf(records.at(-1))]).toEqual([
        expect.stringContaining('first'),
        expect.stringContaining('last'),
      ]);
      expect(process.peakBytes).toBeLessThan(450 * MIB);
    },
    MAX_MS,
  );
});
