import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readLines } from '../../../cli/invoke/lines-source';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lines-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Buffer) {
  const file = join(folder, 'lines');
  writeFileSync(file, content);
  return readLines(file);
}

const payloads = async (content: string | Buffer) =>
  (await read(content)).flatMap(({ records }) =>
    records.map(({ data }) => Buffer.from(data, 'base64').toString()),
  );

const envelope = {
  messageType: 'DATA_MESSAGE',
  logEvents: [{ id: '1', timestamp: 1, message: '{"a":1}' }],
};
test('UTF-16 is told', async () => {
  await expect(read(Buffer.from('\ufeff{"a":1}', 'utf16le'))).rejects.toThrow(
    /lines is UTF-16: save it as UTF-8$/,
  );
});

const forms: [what: string, content: string | Buffer, payloads: string[]][] = [
  ['JSON lines', '{"a":1}\n{"a":2}\n', ['{"a":1}', '{"a":2}']],
  ['lines of any format, the last without its end', 'x - -\r\n\n y', ['x - -\r', ' y']],
  ['gzip of lines', gzipSync('{"a":1}\n{"a":2}'), ['{"a":1}', '{"a":2}']],
  ['one object over several lines', '{\n "a": 1\n}', ['{\n "a": 1\n}']],
  [
    'objects over several lines, among lines',
    '{"a":1}\n{\n "a": 2\n}\nx - -\n{ "a": 3,\n "b":\n  "}" }\n\n{"a":4}{"a":5}',
    ['{"a":1}', '{\n "a": 2\n}', 'x - -', '{ "a": 3,\n "b":\n  "}" }', '{"a":4}{"a":5}'],
  ],
  ['lines behind a byte order mark', '\ufeff{"a":1}\n{"a":2}', ['{"a":1}', '{"a":2}']],
  ['gzip of lines behind one', gzipSync('\ufeff{"a":1}\nx'), ['{"a":1}', 'x']],
  ['a list of lines and objects', '["x", {"a":1}]', ['x', '{"a":1}']],
  ['an envelope', JSON.stringify(envelope), [JSON.stringify(envelope)]],
  ['gzip of an envelope', gzipSync(JSON.stringify(envelope)), [JSON.stringify(envelope)]],
  [
    'an answer of get-log-events',
    JSON.stringify({ events: [{ timestamp: 1, message: '{"a":1}' }, { message: 'x' }] }, null, 2),
    ['{"a":1}', 'x'],
  ],
  [
    'a list of events, and of lines with a message of their own',
    JSON.stringify([
      { timestamp: 1, message: 'x' },
      { message: 'y', status: 403 },
    ]),
    ['x', '{"message":"y","status":403}'],
  ],
  [
    'an object of failed records',
    [1, 2]
      .map((n) =>
        JSON.stringify({ rawData: Buffer.from(`line ${n}`).toString('base64'), errorCode: 'x' }),
      )
      .join('\n'),
    ['line 1', 'line 2'],
  ],
];

for (const [what, content, expected] of forms) {
  test(`reads ${what}`, async () => {
    expect(await payloads(content)).toEqual(expected);
  });
}

test("reads a function's event of a subscription", async () => {
  const data = gzipSync(JSON.stringify(envelope)).toString('base64');

  const [event] = await read(JSON.stringify({ awslogs: { data } }));

  expect(event?.records.map((record) => record.data)).toEqual([data]);
});

test('makes batches as Firehose does', async () => {
  const small = await read('{"a":1}\n'.repeat(1_200));
  const large = await read(`${'x'.repeat(400_000)}\n`.repeat(5));

  expect(small.map(({ records }) => records.length)).toEqual([500, 500, 200]);
  expect(large.map(({ records }) => records.length)).toEqual([2, 2, 1]);
});

test('keeps every byte of every line, in order', async () => {
  const line = fc
    .uint8Array({ minLength: 1, maxLength: 40 })
    .map((bytes) => Buffer.from([0x21, ...bytes].filter((byte) => byte !== 10)));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 2, maxLength: 20 }), async (lines) => {
      const events = await read(Buffer.concat(lines.flatMap((each) => [each, Buffer.from('\n')])));

      const data = events.flatMap(({ records }) => records.map((record) => record.data));
      expect(data).toEqual(lines.map((each) => each.toString('base64')));
    }),
    { numRuns: 40 },
  );
});

test.each([
  ['\n \n', 'has no lines'],
  [Buffer.from([0x1f, 0x8b, 8, 0, 1]), 'is gzip that is broken'],
  [JSON.stringify({ records: [{ recordId: '1' }] }), 'is a Firehose event: give it to --event'],
  [JSON.stringify({ Records: [{ eventSource: 'aws:s3' }] }), 'is an S3 event'],
])('rejects %j', async (content, message) => {
  await expect(read(content)).rejects.toThrow(message);
});
