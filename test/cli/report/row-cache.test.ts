import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RowCache } from '../../../cli/report/row-cache';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'row-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was computed under a key is not computed again', async () => {
  let count = 0;
  const compute = async () => Buffer.from(`result ${++count}`);

  const texts: string[] = [];
  for (const key of ['one', 'one', 'other']) {
    const result = await new RowCache(folder).remember(key, compute);
    texts.push(Buffer.from(result).toString());
  }

  expect(texts).toEqual(['result 1', 'result 1', 'result 2']);
});

test('what cannot be kept, as on a full disk, is there all the same', async () => {
  const cache = new RowCache(folder);
  rmSync(folder, { recursive: true });

  expect(await cache.remember('one', async () => Buffer.from('result'))).toEqual(
    Buffer.from('result'),
  );
});

test('a failed computation leaves nothing', async () => {
  const cache = new RowCache(folder);
  const failing = cache.remember('one', () => Promise.reject(new Error('no memory')));

  await expect(failing).rejects.toThrow('no memory');
  expect(readdirSync(folder)).toEqual([]);
  expect(await cache.remember('one', async () => Buffer.from('result'))).toEqual(
    Buffer.from('result'),
  );
});
