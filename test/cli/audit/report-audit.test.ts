import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { decodePayload } from '../../../analytics/cubes/decode';
import type { Report } from '../../../analytics/render/report';
import { lineWriter } from '../../../analytics/sample/lines';
import { SAMPLE_END } from '../../../analytics/sample/story';
import { sampleTraffic } from '../../../analytics/sample/traffic';
import { DAY } from '../../../analytics/time-zone';
import { query } from '../../../cli/report/query';
import { report } from '../../../cli/report/report';
import { logFormat } from '../../../lambda/core/format/known/log-format';
import { recordedTerminal } from '../../support/recorded-terminal';
import { KEY_VALUE, trailRecord } from '../../support/trail-records';

jest.setTimeout(120_000);

let folder: string;
let cacheBefore: string | undefined;
const logs = () => join(folder, 'lines.json');
const trail = () => join(folder, 'trail.json');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-audit-'));
  cacheBefore = process.env['XDG_CACHE_HOME'];
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
  const lines = [...sampleTraffic({ requests: 300 })]
    .flat()
    .filter(({ values }) => !values['identity.userAgent']?.includes('"'))
    .map(({ apiType, values }) => lineWriter(logFormat(apiType))(values));
  writeFileSync(logs(), lines.map((line) => `${line.trimEnd()}\n`).join(''));
  const time = (days: number) => new Date(SAMPLE_END - days * DAY).toISOString();
  writeFileSync(
    trail(),
    JSON.stringify({
      Records: [
        trailRecord('CreateApiKey', {
          time: time(300),
          request: { name: 'ACME', value: KEY_VALUE },
          response: { id: 'k1', value: KEY_VALUE },
        }),
        trailRecord('DeleteApiKey', {
          time: time(2),
          request: { apiKey: 'k1' },
          more: { sourceIPAddress: '8.8.8.8' },
        }),
      ],
    }),
  );
});
afterAll(() => {
  if (cacheBefore === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = cacheBefore;
  rmSync(folder, { recursive: true });
});

async function panel(id: string, ...options: string[]) {
  const terminal = recordedTerminal();
  await report([logs(), '--audit', trail(), '--panel', id, '--json', ...options], terminal);
  return JSON.parse(terminal.printed.join('')) as { columns: string[]; rows: unknown[][] };
}

test('a page has the pages of the audit and its marks, and no value of a key', async () => {
  const output = join(folder, 'page.html');
  const terminal = recordedTerminal();

  expect(await report([logs(), '--audit', trail(), '-o', output], terminal)).toBe(0);

  const [, data = ''] = /id="data">([^<]+)</.exec(readFileSync(output, 'utf8')) ?? [];
  const payload = inflateRawSync(Buffer.from(data, 'base64'));
  const page = decodePayload(payload).document as Report;
  expect(new Set(page.panels.map((one) => one.page))).toEqual(
    new Set(
      'overview errors customers plans latency security data-quality audit key-life'.split(' '),
    ),
  );
  expect(page.marks?.map(({ text }) => text)).toEqual(['key deleted: ACME, by Deploy/pipeline-7']);
  expect(page.panels.find(({ id }) => id === 'audit-threats')?.empty).toContain('--threats FILE');
  expect(payload.toString('latin1')).not.toContain(KEY_VALUE);
  expect(
    readdirSync(join(folder, 'cache'), { recursive: true, encoding: 'utf8' }),
  ).not.toContainEqual(expect.stringContaining('changes-'));
});

test('a key that was made before the period has its whole life', async () => {
  const { columns, rows } = await panel('key-life');
  const life = Object.fromEntries(columns.map((name, at) => [name, rows[0]?.[at]]));

  expect(life).toMatchObject({
    api_key_name: 'ACME',
    created_time: SAMPLE_END - 300 * DAY,
    deleted_time: SAMPLE_END - 2 * DAY,
    requests: 0,
  });
});

test('addresses have a country, and are looked for in a list of threats', async () => {
  const threats = join(folder, 'threats.csv');
  writeFileSync(threats, '8.8.8.0/24,scanner\n');

  const { rows } = await panel('audit-threats', '--threats', threats);

  expect(rows[0]?.slice(0, 5)).toEqual([
    '8.8.8.8',
    'scanner',
    'DeleteApiKey',
    'Deploy/pipeline-7',
    'US',
  ]);
});

test("one's own SQL reads `changes` beside `requests`", async () => {
  const terminal = recordedTerminal();
  const sql = 'select event_name, event_time from changes order by 2';

  await query([sql, logs(), '--audit', trail(), '--json'], terminal);

  expect(JSON.parse(terminal.printed.join('')).rows).toEqual([
    ['CreateApiKey', new Date(SAMPLE_END - 300 * DAY).toISOString()],
    ['DeleteApiKey', new Date(SAMPLE_END - 2 * DAY).toISOString()],
  ]);
});

test.each([
  [['--panel', 'audit-calls'], 'expected --audit SOURCE'],
  [['--audit', 'x', '--customer', 'ACME'], 'not on a page of one --customer'],
  [['--threats', 'x'], '--threats is for the records that --audit SOURCE names'],
])('%j is refused', async (options, message) => {
  await expect(report([logs(), ...options], recordedTerminal())).rejects.toThrow(message);
});
