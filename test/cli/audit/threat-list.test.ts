import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readThreats } from '../../../cli/audit/threat-list';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threats-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function list(text: string): string {
  const file = join(folder, 'list.csv');
  writeFileSync(file, text);
  return file;
}

test('addresses and networks of both kinds are found, by the name that stands behind them', async () => {
  const threatOf = await readThreats(
    list(
      '\ufeffip,name\r\n# a comment\r\n192.0.2.1,"scanner"\n198.51.100.0/24,botnet\n2001:db8::/32\n\n',
    ),
  );

  expect(
    [
      '192.0.2.1',
      '192.0.2.2',
      '198.51.100.255',
      '2001:db8:1::5',
      '2001:db9::',
      'wafv2.amazonaws.com',
      '',
    ].map(threatOf),
  ).toEqual(['scanner', undefined, 'botnet', 'listed', undefined, undefined, undefined]);
});

test.each([
  ['192.0.2.1\n192.0.2.256\n', 'line 2: got "192.0.2.256", expected an address'],
  ['192.0.2.0/33\n', 'line 1: got "192.0.2.0/33"'],
  ['ip\n', 'no address and no network in it'],
  ['', 'no address and no network in it'],
])('%j is refused with its place', async (text, message) => {
  await expect(readThreats(list(text))).rejects.toThrow(message);
});
