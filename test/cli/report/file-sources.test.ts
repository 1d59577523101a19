import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSources } from '../../../cli/report/file-sources';
import { FolderChoice } from '../../../cli/report/source';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-sources-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function namesIn(argument: string): Promise<string[]> {
  return (await fileSources(argument, new FolderChoice({}))).map(({ name }) =>
    name.slice(folder.length + 1),
  );
}

describe('links in a folder', () => {
  test('are followed, and folders that hold themselves read once', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'file-sources-elsewhere-'));
    writeFileSync(join(elsewhere, 'b.log'), 'b');
    mkdirSync(join(folder, 'in'));
    writeFileSync(join(folder, 'in', 'a.log'), 'a');
    symlinkSync('..', join(folder, 'in', 'loop'));
    symlinkSync(elsewhere, join(folder, 'linked'));

    expect(await namesIn(folder)).toEqual(['in/a.log', 'linked/b.log']);
    expect(await namesIn(join(folder, '**'))).toEqual(['in/a.log', 'linked/b.log']);
    rmSync(elsewhere, { recursive: true });
  });

  test('to nothing cost no other file: opening them says why', async () => {
    writeFileSync(join(folder, 'a.log'), 'a');
    symlinkSync('nowhere', join(folder, 'dangling'));

    const [, dangling] = await fileSources(folder, new FolderChoice({}));

    expect(await namesIn(folder)).toEqual(['a.log', 'dangling']);
    await expect(
      (async () => {
        for await (const _ of (await dangling?.open()) ?? []);
      })(),
    ).rejects.toThrow(/ENOENT/);
  });
});

describe('a folder that may not be read', () => {
  const asNobody = async <T>(act: () => Promise<T>): Promise<T> => {
    // Nothing is closed to root.
    const user = process.geteuid?.();
    if (user === 0) process.seteuid?.(65_534);
    try {
      return await act();
    } finally {
      if (user === 0) process.seteuid?.(user);
    }
  };

  beforeEach(() => {
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'a.log'), 'a');
    mkdirSync(join(folder, 'closed'));
    writeFileSync(join(folder, 'closed', 'b.log'), 'b');
    chmodSync(join(folder, 'closed'), 0);
  });
  afterEach(() => chmodSync(join(folder, 'closed'), 0o700));

  test('costs no other file: opening it says why', async () => {
    await asNobody(async () => {
      expect(await namesIn(folder)).toEqual(['a.log', 'closed']);

      const [, closed] = await fileSources(folder, new FolderChoice({}));
      await expect(
        (async () => {
          for await (const _ of (await closed?.open()) ?? []);
        })(),
      ).rejects.toThrow(/EACCES/);
    });
  });

  test('is told where nothing else was asked for', async () => {
    await expect(
      asNobody(() => fileSources(join(folder, 'closed'), new FolderChoice({}))),
    ).rejects.toThrow(/^cannot read .*closed: EACCES/);
  });
});

test('names may have blanks, quotes and what patterns are made of', async () => {
  for (const name of ['a b.log', '\'"`$.log', 'x*[y]?{z}.log']) {
    writeFileSync(join(folder, name), 'a');
    expect(await namesIn(join(folder, name))).toEqual([name]);
  }
});

test('a pipe is never taken for what it held before', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);

  expect(await fileSources(pipe, new FolderChoice({}))).toEqual([
    expect.objectContaining({ name: pipe, version: undefined }),
  ]);
  // Nothing may ever write to it.
  await expect(fileSources(folder, new FolderChoice({}))).rejects.toThrow(`no files in ${folder}`);
});

test.each([
  ['', 'got an empty name'],
  ['none', 'no such file or folder'],
  ['none*', 'no file matches'],
  ['[z-a]*', 'got the pattern [z-a]*, expected one such as'],
])('"%s" is told: %s', async (argument, message) => {
  await expect(
    fileSources(argument === '' ? '' : join(folder, argument), new FolderChoice({})),
  ).rejects.toThrow(message);
});
