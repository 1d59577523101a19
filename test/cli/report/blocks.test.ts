import { gzipSync } from 'node:zlib';
import { blocksOf } from '../../../cli/report/blocks';

const MB = 1024 * 1024;
const line = '{"requestId":"r1","path":"/a/{b}","message":"}"}';

async function blocksIn(content: string | Buffer): Promise<Buffer[]> {
  const bytes = Buffer.from(content);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += 256 * 1024) yield bytes.subarray(at, at + 256 * 1024);
  }
  const blocks: Buffer[] = [];
  for await (const block of blocksOf(chunks())) blocks.push(block);
  return blocks;
}

describe('blocks', () => {
  test('end with whole lines', async () => {
    const text = `${line}\n`.repeat(Math.ceil((10 * MB) / (line.length + 1)));
    const blocks = await blocksIn(gzipSync(text));

    expect(blocks.length).toBeGreaterThan(2);
    expect(Buffer.concat(blocks).equals(Buffer.from(text))).toBe(true);
    expect(blocks.every((block) => block.at(-1) === 0x0a)).toBe(true);
  });

  test('end with whole objects where there are no lines', async () => {
    const text = line.repeat(Math.ceil((10 * MB) / line.length));
    const blocks = await blocksIn(text);

    expect(blocks.length).toBeGreaterThan(2);
    expect(Buffer.concat(blocks).equals(Buffer.from(text))).toBe(true);
    expect(blocks.every((block) => block.length % line.length === 0)).toBe(true);
  });

  test('hold a line that is longer than a block', async () => {
    const long = `{"path":"${'{'.repeat(9 * MB)}"}\n`;
    const [first, ...others] = await blocksIn(`${long}${line}\n`);

    expect(first?.subarray(0, long.length).equals(Buffer.from(long))).toBe(true);
    expect(Buffer.concat(others).length + (first?.length ?? 0)).toBe(long.length + line.length + 1);
  });

  test('cut a line that no log has', async () => {
    const blocks = await blocksIn(`${'{'.repeat(70 * MB)}\n${line}\n`);

    expect(Math.max(...blocks.map(({ length }) => length))).toBeLessThan(66 * MB);
    expect(blocks.at(-1)?.toString('utf8', blocks.at(-1)?.lastIndexOf('{"requestId"'))).toBe(
      `${line}\n`,
    );
  });
});
