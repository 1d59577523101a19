import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readJson } from '../../cli/json-source';
import { UsageError } from '../../cli/usage-error';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'json-source-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function read(content: string): Promise<unknown> {
  const file = join(folder, 'some.json');
  writeFileSync(file, content);
  return readJson(file);
}

test('reads JSON, with or without a byte order mark', async () => {
  await expect(read('{"a": [1]}')).resolves.toEqual({ a: [1] });
  await expect(read('\ufeff{"a": [1]}')).resolves.toEqual({ a: [1] });
});

test('tells of UTF-16 what to do', async () => {
  const file = join(folder, 'wide.json');
  const little = Buffer.from('\ufeff{}', 'utf16le');
  for (const bytes of [little, Buffer.from(little).swap16()]) {
    writeFileSync(file, bytes);

    await expect(readJson(file)).rejects.toThrow(
      new UsageError(`${file} is UTF-16: save it as UTF-8`),
    );
  }
});

const broken: [content: string, message: string][] = [
  ['', 'it is empty'],
  [' \n', 'it is empty'],
  ['{"a": [1, 2', 'it ends too early'],
  ['{"a": "b', 'it ends too early'],
  ['{\n  "a": 1,\n}', 'unexpected "}" at line 3, column 1'],
  ['{"a":1 "b":2}', 'unexpected "\\"" at line 1, column 8'],
  ["{'a': 1}", 'unexpected "\'" at line 1, column 2'],
  ['[1,]', 'unexpected "]" at line 1, column 4'],
  ['{"a": tru}', 'unexpected "}" at line 1, column 10'],
  ['{"a": 1} {', 'unexpected "{" at line 1, column 10'],
  ['#!/bin/sh', 'unexpected "#" at line 1, column 1'],
];

for (const [content, message] of broken) {
  test(`rejects ${JSON.stringify(content)}: ${message}`, async () => {
    await expect(read(content)).rejects.toThrow(
      new UsageError(`${join(folder, 'some.json')} is not JSON: ${message}`),
    );
  });
}

test('tells where JSON breaks off, wherever it does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), fc.nat(), async (json, at) => {
      const beginning = `[${json}`.slice(0, 1 + (at % (json.length + 1)));

      await expect(read(beginning)).rejects.toThrow(/ends too early/);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['missing.json', 'no such file or directory'],
  ['.', 'illegal operation on a directory'],
])('rejects %j: %s', async (name, message) => {
  const file = join(folder, name);

  await expect(readJson(file)).rejects.toThrow(new UsageError(`cannot read ${file}: ${message}`));
});

test('rejects a name that is empty, as --event= gives it', async () => {
  await expect(readJson('')).rejects.toThrow(
    new UsageError('got an empty file name, expected a file, or - for standard input'),
  );
});

test('finds a file where npm was called, which works elsewhere', async () => {
  writeFileSync(join(folder, 'there.json'), '{"a":1}');
  process.env['INIT_CWD'] = folder;

  const content = readJson('there.json');

  await expect(content).resolves.toEqual({ a: 1 });
  delete process.env['INIT_CWD'];
});
