/** Widgets as CloudWatch asks for them, from the lines in the bucket to the picture. */

import { AthenaClient } from '@aws-sdk/client-athena';
import { addDays } from '../../../analytics/athena/closed-days';
import { rolledUpPanels } from '../../../analytics/athena/panel-rollups';
import { panelOf } from '../../../analytics/panels/all';
import { composeHandler, type Handler } from '../../../lambda/log-widgets/compose';
import type { WidgetEvent } from '../../../lambda/log-widgets/widget';
import { type AnalyticsAccount, startAnalytics } from '../../support/analytics-account';
import { deliveredSample } from '../../support/delivered-sample';
import { attributesOfDrawing } from '../../support/drawing-attributes';
import { hostileValues } from '../../support/hostile-values';

const delivered = deliveredSample(4);
const days = [...delivered.keys()];
const first = days[0] ?? '';
const last = days.at(-1) ?? '';
const end = Date.parse(addDays(last, 1));
const DAY = 86_400_000;

let account: AnalyticsAccount;
const clients: AthenaClient[] = [];
let said: string[] = [];

beforeAll(async () => {
  account = await startAnalytics();
  for (const [day, text] of delivered) account.deliver(day, text);
  await account.close(first, last);
}, 240_000);

afterAll(async () => {
  for (const client of clients) client.destroy();
  await account.end();
});

beforeEach(() => {
  account.athena.statements.length = 0;
  said = [];
});
afterEach(() => {
  account.athena.refuses = undefined;
  account.athena.fails = undefined;
});

/** A container that knows nothing yet. */
function container({ athena } = account): Handler {
  const client = new AthenaClient({
    endpoint: athena.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  clients.push(client);
  return composeHandler({
    athena: client,
    place: { workgroup: 'orders-log-widgets', database: 'orders' },
    now: () => end + DAY,
    wait: async () => {},
    log: (line) => said.push(line),
  });
}

const context = { getRemainingTimeInMillis: () => 60_000 };
const lastDays = (count: number) => ({ start: end - count * DAY, end: end + DAY });
const event = (panel: string, changes: WidgetEvent['widgetContext'] = {}): WidgetEvent => ({
  panel,
  widgetContext: { timeRange: lastDays(2), width: 600, height: 300, theme: 'light', ...changes },
});
const textsOf = (html: string) => Array.from(html.matchAll(/>([^<>]+)</g), ([, text = '']) => text);

describe('the widget of a panel', () => {
  const ofEachShape = ['requests', 'traffic', 'statuses', 'customers', 'busy-hours'];
  test.each(ofEachShape)('%s is a picture of the size and theme of the widget', async (id) => {
    const draw = container();

    const html = await draw(event(id, { width: 480, height: 260, theme: 'dark' }), context);

    expect(html).toMatch(/^<svg [^>]*width="480" height="238"/);
    expect(html).toContain('fill="#15181d"');
    expect(html).toContain(`aria-label="${panelOf(id).title.replaceAll('&', '&amp;')}"`);
    expect(html).toContain(`days are closed until ${last}`);
    expect(attributesOfDrawing(html)).toBeDefined();
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('counts what the lines have, each request once', async () => {
    const html = await container()(event('statuses'), context);

    const panel = panelOf('statuses');
    const scope = {
      from: end - 2 * DAY,
      to: end,
      timeZone: 'UTC',
      bucket: 'hour',
      filter: {},
    } as const;
    const expected = await account.rows(panel.sql(scope));
    expect(expected.length).toBeGreaterThan(3);
    const texts = textsOf(html);
    for (const [status, requests] of expected) {
      expect(texts).toContain(String(status));
      expect(texts).toContain(Number(requests).toLocaleString('en-US'));
    }
  });

  test('is about what the viewer has zoomed into, as the viewer’s clock shows it', async () => {
    const zoom = { start: end - 30 * 3_600_000, end: end - 20 * 3_600_000 };

    const html = await container()(
      event('traffic', {
        timeRange: { ...lastDays(2), zoom },
        timezone: { offsetISO: '+02:00', offsetInMinutes: -120 },
      }),
      context,
    );

    expect(html).toContain(
      `${new Date(zoom.start + 2 * 3_600_000).getUTCDate()} Nov 2026, 20:00 to `,
    );
    expect(html).toContain('(UTC+2)');
    expect(account.athena.statements.join()).toContain(`"time" < ${zoom.end}`);
  });

  test('ends where closed days end', async () => {
    await container()(event('traffic', { timeRange: lastDays(1) }), context);

    expect(account.athena.statements.join()).toContain(`"time" < ${end}\n`);
  });

  test('asks Athena once for what it is asked twice, also of another container', async () => {
    const draw = container();
    const pictures = await Promise.all([1, 2].map(() => draw(event('statuses'), context)));
    const elsewhere = await container()(event('statuses'), context);

    expect(new Set([...pictures, elsewhere]).size).toBe(1);
    expect(account.athena.statements.filter((it) => it.startsWith('select'))).toEqual([]);
    await draw(
      event('statuses', { timeRange: { start: end - 3 * DAY - 3_600_000, end } }),
      context,
    );
    await container()(
      event('statuses', { timeRange: { start: end - 3 * DAY - 3_600_000, end } }),
      context,
    );
    expect(account.athena.statements.filter((it) => it.startsWith('select'))).toHaveLength(1);
  });

  test('takes no SQL and no names from its parameters', async () => {
    const draw = container();
    const hostile = "statuses'; drop table access; --";

    for (const value of [hostile, ['statuses'], { toString: 'statuses' }, '__proto__', undefined]) {
      const html = await draw({ panel: value, table: hostile, sql: hostile } as never, context);
      expect(html).toMatch(/^panel: got .*, expected requests, traffic, /);
    }
    await draw(
      event('statuses', {
        timeRange: { start: `${end} or 1=1` as never, end: hostile as never },
        timezone: { offsetISO: hostile },
        width: hostile as never,
        theme: hostile,
      }),
      context,
    );
    expect(account.athena.statements.join()).not.toContain('drop');
    expect(account.athena.statements.join()).not.toContain('or 1=1');
  });

  test('describes itself', async () => {
    expect(await container()({ describe: true }, context)).toContain('panel: customers');
  });
});

describe('what a widget says instead of a picture', () => {
  const later = { timeRange: { start: end + 2 * DAY, end: end + 3 * DAY } };

  test('no closed day is in the range', async () => {
    const html = await container()(event('statuses', later), context);

    expect(html).toContain(`days are rolled up until ${last} (UTC)`);
  });

  test('no day is rolled up yet', async () => {
    const empty = await startAnalytics();

    const html = await container(empty)(event('statuses'), context);

    expect(html).toContain('No day is rolled up yet');
    await empty.end();
  });

  test('Athena fails: its reason as text, and the log says which panel', async () => {
    account.athena.fails = (statement) =>
      statement.startsWith('select')
        ? { reason: 'Query exhausted resources <script>alert(1)</script>', isDone: false }
        : undefined;

    const html = await container()(
      event('stages', { timeRange: { start: end - 5 * 3_600_000, end } }),
      context,
    );

    expect(html).toContain('Athena did not answer: Query exhausted resources &lt;script&gt;');
    expect(JSON.parse(said[0] ?? '')).toMatchObject({ panel: 'stages', level: 'ERROR' });
  });

  test('Athena refuses', async () => {
    account.athena.refuses = () => ({ status: 400, code: 'AccessDeniedException' });

    expect(await container()(event('stages'), context)).toContain('AccessDeniedException');
  });

  test('Athena takes too long', async () => {
    const html = await container()(event('methods'), {
      getRemainingTimeInMillis: () => 2_001,
    });

    expect(html).toContain('Athena did not answer in time. Refresh the widget to ask again.');
  });
});

describe('hostile values', () => {
  let hostile: AnalyticsAccount;
  const day = '2026-11-20';
  const start = Date.parse(day);

  beforeAll(async () => {
    hostile = await startAnalytics();
    const lines = hostileValues
      // JSON of halves of surrogates is read by no engine, and no header is longer; neither is delivered.
      .filter(({ value }) => value.isWellFormed() && value.length <= 10_240)
      .map(({ value }, index) =>
        JSON.stringify({
          api_id: value,
          stage: value,
          extended_request_id: `e${index}`,
          request_id: `r${index}`,
          request_time: new Date(start + index * 60_000).toISOString(),
          request_time_epoch: start + index * 60_000,
          status: index % 2 ? 500 : 429,
          domain_name: value,
          http_method: value,
          resource_path: value,
          path: value,
          protocol: value,
          event_type: value,
          user_agent: value,
          error_message: value,
          error_response_type: value,
          authorizer_error: value,
          authorizer_principal_id: value,
          integration_error: value,
          api_key_id: value,
          usage_plan: value,
          usage_plan_id: value,
          customer_name: value,
        }),
      );
    hostile.deliver(day, `${lines.join('\n')}\n`);
    await hostile.close(day, day);
  }, 120_000);

  afterAll(() => hostile.end());

  test.each(rolledUpPanels)('are text in the widget of %s', async (id) => {
    const html = await container(hostile)(
      event(id, { timeRange: { start, end: start + DAY }, width: 1200, height: 1900 }),
      context,
    );

    const attributes = attributesOfDrawing(html);
    expect(attributes).toBeDefined();
    expect(attributes?.filter((name) => /^on|href|src|endpoint|action/i.test(name))).toEqual([]);
    expect(html).not.toMatch(/<\/?(script|cwdb-action|img|a|style|iframe|use)\b/i);
    expect(html).toMatch(/^<svg /);
  });
});
