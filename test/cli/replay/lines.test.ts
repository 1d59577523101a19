import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { linesOf } from '../../../cli/replay/lines';

async function* inChunks(content: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

test('lines come out the same however they are cut and compressed', async () => {
  const line = fc.string({ unit: 'grapheme' }).map((text) => `x${text.replaceAll('\n', '')}`);
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 20 }),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      async (lines, size, isGzip) => {
        const text = Buffer.from(lines.join('\n'));

        const read = await collect(linesOf(inChunks(isGzip ? gzipSync(text) : text, size)));

        expect(read).toEqual(lines);
      },
    ),
  );
});

test('a newline at the end ends the last line and begins no other', async () => {
  expect(await collect(linesOf(inChunks(Buffer.from('a\n\nb\n'), 2)))).toEqual(['a', '', 'b']);
});

test('rejects broken gzip', async () => {
  const broken = gzipSync('a line\n').subarray(0, 15);

  await expect(collect(linesOf(inChunks(broken, 5)))).rejects.toThrow();
});

test('rejects a line without an end', async () => {
  const endless = inChunks(Buffer.alloc(5 * 1024 * 1024, 'x'), 65_536);

  await expect(collect(linesOf(endless))).rejects.toThrow(/a line has more than 4194304 bytes/);
});
