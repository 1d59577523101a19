/**
 * The custom widgets of the metric dashboards: what CloudWatch cannot draw by itself.
 *
 * The function reads metrics and the names of APIs, nothing else. Of a widget's parameters only the
 * names of an API and a stage become part of a search, and only where they can end no quotation.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html
 */

import type { CloudWatchClient, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { API_METRICS_NAMESPACE, apiTypeNames, apiTypes } from '../core/api-metrics';
import type { ApiType } from '../core/format/known/log-format';
import {
  looksOf,
  offsetOf,
  refusal,
  type TimeRange,
  timeRangeOf,
  type WidgetContext,
} from '../widgets/context';
import { apiTable } from './api-table';
import { type Line, trafficChart } from './traffic-chart';

/** The part of the event that is read; a viewer may send anything. */
export interface WidgetEvent {
  readonly describe?: unknown;
  readonly widget?: unknown;
  readonly type?: unknown;
  /** One API and stage instead of all. */
  readonly api?: unknown;
  readonly stage?: unknown;
  readonly widgetContext?: WidgetContext;
}

export interface WidgetEdges {
  readonly cloudWatch: Pick<CloudWatchClient, 'send'>;
  /** The names of HTTP and WebSocket APIs by their ids. */
  readonly apiNames: () => Promise<ReadonlyMap<string, string>>;
  readonly now: () => number;
}

const DAY = 86_400_000;
/** CloudWatch's own: how many points a line needs to look smooth. */
const MOST_POINTS = 300;
/** Seconds that CloudWatch has data for. */
const PERIODS = [60, 300, 900, 3600, 21_600, 86_400];

const documentation = `
## Traffic and APIs of API Gateway

\`widget: traffic\` draws the requests of the dashboard's range beside those of a day and of a week
before. \`widget: apis\` lists the APIs with their names. \`type\` is REST, HTTP or WEBSOCKET.
`;

export function widgetHandler(edges: WidgetEdges): (event: WidgetEvent) => Promise<string> {
  const widgets: Record<string, (type: ApiType, event: WidgetEvent) => Promise<string>> = {
    traffic: (type, event) => traffic(edges, type, event),
    apis: (type, event) => apis(edges, type, event),
  };

  return async (event) => {
    if (event.describe) return documentation;
    const draw = widgets[String(event.widget)];
    const type = apiTypeNames.find((name) => name === event.type);
    if (!draw) return refusal('widget', event.widget, Object.keys(widgets));
    if (!type) return refusal('type', event.type, apiTypeNames);
    return draw(type, event);
  };
}

async function traffic(edges: WidgetEdges, type: ApiType, event: WidgetEvent): Promise<string> {
  const range = rangeOf(event, edges.now());
  const { api, stage } = event;
  const isOne = api !== undefined || stage !== undefined;
  if (isOne && !(isName(api) && isName(stage)))
    return refusal('api and stage', [api, stage], ['their names']);
  const search = searchOf(
    type,
    apiTypes[type].requests,
    'SampleCount',
    isOne ? [String(api), String(stage)] : undefined,
  );
  const expression = `SUM(${search})`;
  const lines = await Promise.all(
    [
      ['now', 0],
      ['a day before', DAY],
      ['a week before', 7 * DAY],
    ].map(async ([label, shift]): Promise<Line> => {
      const start = range.start - Number(shift);
      const [found] = await read(
        edges,
        { requests: expression },
        { start, end: range.end - Number(shift) },
        periodOf(range),
      );
      const points = pointsOf(found).map(([at, value]) => [at - start, value] as const);
      return { label: String(label), points };
    }),
  );
  const { widgetContext = {} } = event;
  return trafficChart(lines, {
    ...range,
    ...looksOf(widgetContext),
    offsetMinutes: offsetOf(widgetContext),
  });
}

async function apis(edges: WidgetEdges, type: ApiType, event: WidgetEvent): Promise<string> {
  const range = rangeOf(event, edges.now());
  const { requests, clientErrors, serverErrors, apiDimension } = apiTypes[type];
  const latency = type === 'WEBSOCKET' ? 'IntegrationLatency' : 'Latency';
  const [found, names] = await Promise.all([
    read(
      edges,
      {
        requests: searchOf(type, requests, 'SampleCount'),
        clientErrors: searchOf(type, clientErrors, 'Average'),
        serverErrors: searchOf(type, serverErrors, 'Average'),
        latency: searchOf(type, latency, 'p99'),
      },
      range,
      // One value for the whole range, as near as CloudWatch's periods allow.
      Math.ceil((range.end - range.start) / 1000 / 60) * 60,
    ),
    apiDimension === 'ApiId' ? edges.apiNames() : new Map<string, string>(),
  ]);
  const values = (id: string) =>
    new Map(
      found
        .filter((series) => series.Id === id)
        .map((series) => [series.Label ?? '', total(series)]),
    );
  const [clientRates, serverRates, latencies] = ['clientErrors', 'serverErrors', 'latency'].map(
    values,
  );
  const rows = Array.from(values('requests'), ([api, count]) => ({
    api,
    name: names.get(api),
    requests: count,
    clientErrorRate: clientRates?.get(api),
    serverErrorRate: serverRates?.get(api),
    latency: latencies?.get(api),
  }));
  return apiTable(rows, `${latency} p99`);
}

/** All pages of the series that the expressions find. */
async function read(
  { cloudWatch }: WidgetEdges,
  expressions: Readonly<Record<string, string>>,
  { start, end }: TimeRange,
  period: number,
): Promise<MetricDataResult[]> {
  const results = new Map<string, MetricDataResult>();
  let NextToken: string | undefined;
  do {
    const answer = await cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(start),
        EndTime: new Date(end),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: Object.entries(expressions).map(([Id, Expression]) => ({
          Id,
          Expression,
          Period: period,
        })),
        NextToken,
      }),
    );
    for (const series of answer.MetricDataResults ?? []) {
      const key = `${series.Id}/${series.Label}`;
      const before = results.get(key);
      results.set(key, {
        ...series,
        Timestamps: [...(before?.Timestamps ?? []), ...(series.Timestamps ?? [])],
        Values: [...(before?.Values ?? []), ...(series.Values ?? [])],
      });
    }
    NextToken = answer.NextToken;
  } while (NextToken);
  return [...results.values()];
}

function searchOf(
  type: ApiType,
  metric: string,
  statistic: string,
  one?: readonly [api: string, stage: string],
): string {
  const { apiDimension } = apiTypes[type];
  const schema = [API_METRICS_NAMESPACE, apiDimension, ...(one ? ['Stage'] : [])];
  const chosen = one ? ` ${apiDimension}="${one[0]}" Stage="${one[1]}"` : '';
  return `SEARCH('{${schema}} MetricName="${metric}"${chosen}', '${statistic}')`;
}

/** Nothing that could end the quotation in a search. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[^"'\\]{1,255}$/.test(value);
}

function rangeOf({ widgetContext = {} }: WidgetEvent, now: number): TimeRange {
  return timeRangeOf(widgetContext) ?? { start: now - DAY, end: now };
}

function periodOf({ start, end }: TimeRange): number {
  const seconds = (end - start) / 1000;
  return PERIODS.find((period) => seconds / period <= MOST_POINTS) ?? 86_400;
}

function pointsOf(series: MetricDataResult | undefined): [number, number][] {
  return (series?.Timestamps ?? []).map((at, index) => [
    at.getTime(),
    series?.Values?.[index] ?? 0,
  ]);
}

/** One value a range: a second one only where the range does not begin on a period's edge. */
function total({ Values = [], Id }: MetricDataResult): number {
  const sum = Values.reduce((all, value) => all + value, 0);
  return Id === 'requests' || Values.length === 0 ? sum : sum / Values.length;
}
