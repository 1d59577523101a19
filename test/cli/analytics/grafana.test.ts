import { grafana } from '../../../cli/analytics/grafana';
import type { Loopback } from '../../support/loopback';
import { recordedTerminal } from '../../support/recorded-terminal';
import { startStacks } from '../../support/stack-server';

let stacks: Loopback;
const environment = { ...process.env };

beforeAll(async () => {
  stacks = await startStacks({
    outputs: { Orders: { AnalyticsWorkgroup: 'orders-access-logs', AnalyticsDatabase: 'orders' } },
  });
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_CLOUDFORMATION: stacks.url,
  });
});
afterAll(async () => {
  process.env = environment;
  await stacks.close();
});

async function printed(...args: string[]) {
  const terminal = recordedTerminal();
  expect(await grafana(args, terminal)).toBe(0);
  return JSON.parse(terminal.printed.join('\n'));
}

describe('apigw-logs grafana', () => {
  test('prints a dashboard over the database of a stack', async () => {
    const dashboard = await printed('--stack', 'Orders', '--title', 'Our logs');

    expect(dashboard.title).toBe('Our logs');
    expect(dashboard.panels[1].targets[0].rawSQL).toContain('from "orders".requests');
  });

  test('prints one over a database without a stack', async () => {
    expect(JSON.stringify(await printed('--database', 'my_logs'))).toContain(
      '\\"my_logs\\".access',
    );
  });

  test.each([
    [[], 'expected either --stack NAME or --database NAME'],
    [['--stack', 'Orders', '--database', 'x'], 'expected either --stack NAME or --database NAME'],
    [['--database', 'x"; drop'], '--database: got "x"; drop", expected lower-case letters'],
  ])('refuses %j', async (args, message) => {
    await expect(grafana(args, recordedTerminal())).rejects.toThrow(message);
  });
});
