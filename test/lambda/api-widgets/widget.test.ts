import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { type WidgetEvent, widgetHandler } from '../../../lambda/api-widgets/widget';
import { type Loopback, startLoopback } from '../../support/loopback';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 20, 12);

interface Query {
  readonly Id: string;
  readonly Expression: string;
  readonly Period: number;
}

interface Request {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly MetricDataQueries: readonly Query[];
  readonly NextToken?: string;
}

interface Series {
  readonly Id: string;
  readonly Label: string;
  readonly Timestamps: readonly number[];
  readonly Values: readonly number[];
}

/** GetMetricData as CloudWatch speaks it: JSON with times in seconds. */
let answer: (request: Request) => { MetricDataResults: readonly Series[]; NextToken?: string };
let requests: Request[] = [];
let server: Loopback;
let client: CloudWatchClient;

beforeAll(async () => {
  server = await startLoopback(({ headers, body }, response) => {
    expect(String(headers['x-amz-target'])).toMatch(/\.GetMetricData$/);
    const request = JSON.parse(body.toString()) as Request;
    requests.push(request);
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify(answer(request)));
  });
  client = new CloudWatchClient({
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
});

afterAll(async () => {
  client.destroy();
  await server.close();
});

beforeEach(() => {
  requests = [];
});

const draw = (event: WidgetEvent) =>
  widgetHandler({
    cloudWatch: client,
    apiNames: async () => new Map([['a1b2', 'Orders <b>']]),
    now: () => NOW,
  })(event);

const range = { timeRange: { start: NOW - DAY, end: NOW }, width: 600, height: 250 };

describe('the traffic widget', () => {
  beforeEach(() => {
    answer = ({ StartTime, MetricDataQueries: [query] }) => ({
      MetricDataResults: [
        {
          Id: query?.Id ?? '',
          Label: 'requests',
          Timestamps: [StartTime, StartTime + 300],
          Values: [StartTime * 1000 === NOW - DAY ? 100 : 10, 20],
        },
      ],
    });
  });

  test('draws the range beside those of a day and of a week before', async () => {
    const svg = await draw({ widget: 'traffic', type: 'REST', widgetContext: range });

    expect(
      requests.map(({ StartTime, EndTime }) => [StartTime * 1000, EndTime * 1000]).sort(),
    ).toEqual([0, DAY, 7 * DAY].map((shift) => [NOW - DAY - shift, NOW - shift]).sort());
    expect(svg).toContain('now 120');
    expect(svg).toContain('a day before 30');
    expect(svg.match(/<polyline/g)).toHaveLength(3);
  });

  test('begins all lines at the left edge, whenever they were', async () => {
    const svg = await draw({ widget: 'traffic', type: 'REST', widgetContext: range });

    const begins = Array.from(svg.matchAll(/<polyline points="([\d.]+),/g), ([, x]) => x);
    expect(new Set(begins).size).toBe(1);
  });

  test('draws what the viewer has zoomed into, in the size of the widget', async () => {
    const zoom = { start: NOW - DAY / 2, end: NOW };
    const svg = await draw({
      widget: 'traffic',
      type: 'HTTP',
      widgetContext: { ...range, timeRange: { start: NOW - DAY, end: NOW, zoom }, width: 321 },
    });

    expect(requests.map(({ EndTime, StartTime }) => EndTime - StartTime)).toEqual([
      43_200, 43_200, 43_200,
    ]);
    expect(svg).toContain('width="321"');
  });

  test('of one API searches for that one', async () => {
    await draw({
      widget: 'traffic',
      type: 'REST',
      api: 'Orders & more',
      stage: 'prod',
      widgetContext: range,
    });

    expect(requests[0]?.MetricDataQueries[0]?.Expression).toBe(
      `SUM(SEARCH('{AWS/ApiGateway,ApiName,Stage} MetricName="Count" ApiName="Orders & more" Stage="prod"', 'SampleCount'))`,
    );
  });

  for (const api of [`x" OR ApiName="y`, `x') SEARCH('`, '\\', '', 7, { toString: 1 }]) {
    test(`takes ${JSON.stringify(api)} for no name of an API`, async () => {
      const html = await draw({
        widget: 'traffic',
        type: 'REST',
        api,
        stage: 'prod',
        widgetContext: range,
      });

      expect(requests).toEqual([]);
      expect(html).toMatch(/^api and stage: got /);
      expect(html).not.toMatch(/["<]/);
    });
  }
});

describe('the table of APIs', () => {
  test('names them, busiest first, over all pages of the answer', async () => {
    const series = (Id: string, Label: string, value: number): Series => ({
      Id,
      Label,
      Timestamps: [1],
      Values: [value],
    });
    answer = ({ NextToken }) =>
      NextToken
        ? {
            MetricDataResults: [
              series('requests', 'c3d4', 5000),
              series('clientErrors', 'a1b2', 0.25),
            ],
          }
        : { MetricDataResults: [series('requests', 'a1b2', 12)], NextToken: 'more' };

    const html = await draw({ widget: 'apis', type: 'HTTP', widgetContext: range });
    const rows = html.split('<tr>').slice(2);

    expect(rows[0]).toContain('<td>c3d4</td><td>5,000</td><td>-</td>');
    expect(rows[1]).toContain('<td>Orders &lt;b&gt; (a1b2)</td><td>12</td><td>25.00 %</td>');
  });

  test('says so where there is none', async () => {
    answer = () => ({ MetricDataResults: [] });

    expect(await draw({ widget: 'apis', type: 'WEBSOCKET' })).toContain('No API of this type');
  });
});

describe('the function', () => {
  test('describes itself when CloudWatch asks', async () => {
    expect(await draw({ describe: true })).toContain('widget: traffic');
  });

  test('says what it draws where it is asked for something else', async () => {
    expect(await draw({ widget: '<script>', type: 'REST' })).toBe(
      'widget: got &quot;&lt;script&gt;&quot;, expected traffic, apis',
    );
    expect(await draw({ widget: 'apis', type: 'SOAP' })).toBe(
      'type: got &quot;SOAP&quot;, expected REST, HTTP, WEBSOCKET',
    );
  });
});
