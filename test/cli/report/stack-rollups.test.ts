/** A page and panels of a stack whose first days are closed: fewer bytes, the same numbers. */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computeReport } from '../../../analytics/report/compute-report';
import type { Result } from '../../../analytics/result';
import { report } from '../../../cli/report/report';
import { type AnalyticsAccount, startAnalytics } from '../../support/analytics-account';
import { deliveredSample } from '../../support/delivered-sample';
import { openLaptop, roughly } from '../../support/laptop';
import type { Loopback } from '../../support/loopback';
import { recordedTerminal } from '../../support/recorded-terminal';
import { shownIn } from '../../support/shown-page';
import { startStacks } from '../../support/stack-server';

const delivered = deliveredSample(4);
const days = [...delivered.keys()];
const [first = '', second = '', third = '', last = ''] = days;
const environment = { ...process.env };

let account: AnalyticsAccount;
let stacks: Loopback;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stack-rollups-'));
  account = await startAnalytics();
  account.athena.looks = 0;
  for (const [day, text] of delivered) account.deliver(day, text);
  stacks = await startStacks({
    outputs: { Orders: { AnalyticsWorkgroup: 'orders', AnalyticsDatabase: 'orders' } },
  });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_ATHENA: account.athena.url,
    AWS_ENDPOINT_URL_CLOUDFORMATION: stacks.url,
  });
  await account.close(first, third);
}, 240_000);

afterAll(async () => {
  process.env = environment;
  rmSync(folder, { recursive: true });
  await Promise.all([stacks.close(), account.end()]);
});

const stack = ['--stack', 'Orders', '--fresh', '--max-cost', '5'];
const page = [...stack, '--from', third, '--to', last];

test('a page of closed and open days has the numbers of a laptop', async () => {
  const path = join(folder, 'page.html');
  await report([...page, '-o', path], recordedTerminal());
  const after = shownIn(readFileSync(path, 'utf8'));

  const laptop = await openLaptop(delivered);
  try {
    const { scope } = after.report;
    const { rows, cubes } = await computeReport((sql) => laptop.engine.query(sql), scope);
    for (const { id, rows: told } of after.report.panels) {
      if (id === 'completeness') continue;
      expect({ [id]: told }).toEqual({ [id]: (rows[id] ?? []).map((row) => row.map(roughly)) });
    }
    for (const [name, { measures, rowCount }] of Object.entries(cubes)) {
      // The line that nothing can read is one of a day before.
      if (name === 'lines') continue;
      expect([name, after.cubes[name]?.rowCount]).toEqual([name, rowCount]);
      expect(after.cubes[name]?.measures).toEqual(measures);
    }
    const { lines, ...others } = await laptop.completeness(scope);
    expect(others).toMatchObject({ unparsed: 1 });
    expect(after.report.completeness).toEqual({ ...others, unparsed: 0, lines: lines - 1 });
  } finally {
    laptop.close();
  }
}, 560_000);

test('a panel of closed days is told by roll-ups alone, as it was told by lines, for less', async () => {
  const busy = await startAnalytics();
  busy.athena.looks = 0;
  process.env['AWS_ENDPOINT_URL_ATHENA'] = busy.athena.url;
  const panel = async () => {
    const terminal = recordedTerminal();
    busy.athena.bytesScanned = 0;
    const time = ['--from', second, '--to', second];
    await report([...stack, ...time, '--panel', 'apis', '--json'], terminal);
    return { result: terminal.documents<Result>()[0], bytes: busy.athena.bytesScanned };
  };
  try {
    for (const day of [first, second]) busy.deliver(day, manyTimes(delivered.get(day) ?? ''));
    const open = await panel();
    await busy.close(first, second);
    const started = busy.athena.statements.length;
    const closed = await panel();

    expect(closed.result).toEqual(open.result);
    expect(closed.result?.rows.length).toBeGreaterThan(2);
    expect(closed.bytes).toBeLessThan(open.bytes / 4);
    const asked = busy.athena.statements.slice(started).join('\n');
    expect(asked).not.toMatch(/"orders"\.(?:access|requests)/);
  } finally {
    process.env['AWS_ENDPOINT_URL_ATHENA'] = account.athena.url;
    await busy.end();
  }
}, 240_000);

/** The same requests from as many callers: roll-ups do not grow with them. */
function manyTimes(text: string): string {
  return Array.from({ length: 20 }, () =>
    text.replace(
      /"(extended_request_id|request_id)":"[^"]+"/g,
      (_, name) => `"${name}":"${randomUUID()}"`,
    ),
  ).join('');
}
