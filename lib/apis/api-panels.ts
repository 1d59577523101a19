/**
 * THE table of the panels of the metric dashboards, a list for each type of API. A panel searches its
 * series, so that it finds every API of the account and Region by itself.
 */

import { apiTypes, type Level } from '../../lambda/core/api-metrics';
import type { ApiType } from '../../lambda/core/format/known/log-format';

/** A metric with the statistic that means something for it. */
export interface PanelMetric {
  readonly name: string;
  readonly statistic: string;
  /** What the legend calls it, where a panel has several. */
  readonly label?: string;
  /** Turns the average of zeros and ones into percent. */
  readonly percent?: boolean;
}

export interface ApiPanel {
  /** Unique within its type. */
  readonly id: string;
  readonly title: string;
  /** `all` APIs, or the `one` that the dashboard's variables choose. */
  readonly scope: 'all' | 'one';
  readonly level: Level;
  readonly shape: 'value' | 'line' | 'bar' | 'stacked' | 'table' | 'series-count' | 'compare';
  readonly metrics: readonly PanelMetric[];
}

export interface PanelSection {
  readonly title: string;
  /** Shown below the title. */
  readonly note?: string;
  readonly panels: readonly ApiPanel[];
}

const percentiles = ['p50', 'p90', 'p95', 'p99'];

const DETAILED =
  'These panels need detailed metrics, which are switched on for a stage and which CloudWatch charges for.';

/** The sections of a type's dashboard, from top to bottom. */
export function sectionsOf(type: ApiType): PanelSection[] {
  const chosen =
    type === 'REST' ? 'The chosen API and stage' : 'The chosen API (by its id) and stage';
  return [
    { title: 'Requests', panels: requestPanels(type) },
    { title: 'Errors', panels: errorPanels(type, 'all', 'api') },
    { title: 'Latency', panels: latencyPanels(type, 'all', 'api') },
    ...(type === 'REST' ? [{ title: 'Cache', panels: cachePanels('all', 'api') }] : []),
    {
      title: chosen,
      panels: [
        panel(
          'stage-traffic',
          'Now, a day and a week before',
          'one',
          'stage',
          'compare',
          requests(type),
        ),
        panel('stage-requests', 'Requests over time', 'one', 'stage', 'line', requests(type)),
        ...latencyPanels(type, 'one', 'stage'),
        ...errorPanels(type, 'one', 'stage'),
        ...(type === 'REST' ? cachePanels('one', 'stage') : []),
      ],
    },
    {
      title: `${type === 'WEBSOCKET' ? 'Routes' : 'Methods and resources'} of the chosen API and stage`,
      note: DETAILED,
      panels: detailPanels(type),
    },
  ];
}

function requestPanels(type: ApiType): ApiPanel[] {
  const all = (id: string, title: string, shape: ApiPanel['shape'], metrics = requests(type)) =>
    panel(id, title, 'all', 'api', shape, metrics);
  return [
    all('traffic', 'Now, a day and a week before', 'compare'),
    all('requests', type === 'WEBSOCKET' ? 'Connections' : 'Requests', 'value'),
    all('apis', 'APIs with traffic', 'series-count'),
    all('requests-by-api', 'By API', 'table'),
    ...(type === 'HTTP'
      ? [
          all('data', 'Data processed (bytes)', 'line', sum('DataProcessed')),
          all('data-by-api', 'Data processed by API (bytes)', 'bar', sum('DataProcessed')),
        ]
      : []),
    ...(type === 'WEBSOCKET'
      ? [
          all('connections', 'Connections', 'line'),
          all('connections-by-api', 'Connections by API', 'bar'),
          all('messages', 'Messages', 'line', sum('MessageCount')),
          all('messages-by-api', 'Messages by API', 'bar', sum('MessageCount')),
        ]
      : []),
  ];
}

/** Kinds of errors, in the words of the type's metrics. */
function errorsOf(type: ApiType): [id: string, title: string, metric: string][] {
  const { clientErrors, serverErrors } = apiTypes[type];
  return type === 'WEBSOCKET'
    ? [
        ['client-errors', 'Client errors', clientErrors],
        ['execution-errors', 'Execution errors', serverErrors],
        ['integration-errors', 'Integration errors', 'IntegrationError'],
      ]
    : [
        ['client-errors', '4XX errors', clientErrors],
        ['server-errors', '5XX errors', serverErrors],
      ];
}

function errorPanels(type: ApiType, scope: ApiPanel['scope'], level: Level): ApiPanel[] {
  const prefix = scope === 'one' ? 'stage-' : '';
  const kinds = errorsOf(type);
  return [
    ...kinds.flatMap(([id, title, metric]) => [
      panel(`${prefix}${id}-total`, title, scope, level, 'value', sum(metric)),
      panel(`${prefix}${id}`, `${title} over time`, scope, level, 'line', sum(metric)),
      ...(scope === 'all'
        ? [panel(`${id}-by-api`, `${title} by API`, scope, level, 'bar', sum(metric))]
        : []),
    ]),
    panel(
      `${prefix}error-rate`,
      'Error rate (%)',
      scope,
      level,
      'line',
      kinds.map(([, label, name]) => ({ name, label, statistic: 'Average', percent: true })),
    ),
    panel(
      `${prefix}error-rate-now`,
      'Error rate of the range (%)',
      scope,
      level,
      'table',
      kinds.map(([, label, name]) => ({ name, label, statistic: 'Average', percent: true })),
    ),
  ];
}

function latencyPanels(type: ApiType, scope: ApiPanel['scope'], level: Level): ApiPanel[] {
  const prefix = scope === 'one' ? 'stage-' : '';
  const integration = ['integration-latency', 'Integration latency', 'IntegrationLatency'] as const;
  // WebSocket APIs have no latency of their own: a message need not be answered.
  const kinds =
    type === 'WEBSOCKET'
      ? [integration]
      : [['latency', 'Latency', 'Latency'] as const, integration];
  return kinds.flatMap(([id, title, name]) => [
    panel(`${prefix}${id}`, `${title} (ms)`, scope, level, 'line', [
      { name, statistic: 'Average', label: 'average' },
      { name, statistic: 'p99', label: 'p99' },
      { name, statistic: 'Maximum', label: 'maximum' },
    ]),
    panel(
      `${prefix}${id}-percentiles`,
      `${title}: percentiles (ms)`,
      scope,
      level,
      'table',
      percentiles.map((statistic) => ({ name, statistic, label: statistic })),
    ),
    ...(scope === 'all'
      ? [
          panel(`${id}-by-api`, `${title} by API: average (ms)`, scope, level, 'bar', [
            { name, statistic: 'Average' },
          ]),
        ]
      : []),
  ]);
}

function cachePanels(scope: ApiPanel['scope'], level: Level): ApiPanel[] {
  const prefix = level === 'detail' ? 'detail-' : scope === 'one' ? 'stage-' : '';
  return [
    ['cache-hits', 'Cache hit rate (%)', 'CacheHitCount'],
    ['cache-misses', 'Cache miss rate (%)', 'CacheMissCount'],
  ].flatMap(([id = '', title = '', name = '']) => {
    const metrics = [{ name, statistic: 'Average', percent: true }];
    return [
      panel(`${prefix}${id}`, title, scope, level, 'line', metrics),
      ...(scope === 'all'
        ? [panel(`${id}-by-api`, `${title} by API`, scope, level, 'bar', metrics)]
        : []),
    ];
  });
}

function detailPanels(type: ApiType): ApiPanel[] {
  const one = (
    id: string,
    title: string,
    shape: ApiPanel['shape'],
    metrics: readonly PanelMetric[],
  ) => panel(`detail-${id}`, title, 'one', 'detail', shape, metrics);
  const average = (name: string) => [{ name, statistic: 'Average' }];
  const what = type === 'WEBSOCKET' ? 'route' : 'method and resource';
  return [
    one('requests', 'Requests', 'value', requests(type)),
    one(
      'count',
      type === 'WEBSOCKET' ? 'Routes with traffic' : 'Methods with traffic',
      'series-count',
      requests(type),
    ),
    one('breakdown', `Requests by ${what}`, 'table', requests(type)),
    one('requests-by-method', `Requests by ${what} over time`, 'stacked', requests(type)),
    ...(type === 'WEBSOCKET'
      ? [one('messages', 'Messages by route', 'stacked', sum('MessageCount'))]
      : [
          one('latency', `Latency by ${what}: average (ms)`, 'bar', average('Latency')),
          one('latency-over-time', `Latency by ${what} over time (ms)`, 'line', average('Latency')),
        ]),
    one(
      'integration-latency',
      `Integration latency by ${what}: average (ms)`,
      'bar',
      average('IntegrationLatency'),
    ),
    one(
      'integration-latency-over-time',
      `Integration latency by ${what} over time (ms)`,
      'line',
      average('IntegrationLatency'),
    ),
    ...errorsOf(type).flatMap(([id, title, metric]) => [
      one(id, `${title} by ${what}`, 'stacked', sum(metric)),
      ...(type === 'WEBSOCKET'
        ? [one(`${id}-by-route`, `${title} of the range by route`, 'bar', sum(metric))]
        : []),
    ]),
    ...(type === 'REST' ? cachePanels('one', 'detail') : []),
    ...(type === 'HTTP'
      ? [one('data', `Data processed by ${what} (bytes)`, 'line', sum('DataProcessed'))]
      : []),
  ];
}

function requests(type: ApiType): PanelMetric[] {
  // One datum a request, whatever its value.
  return [{ name: apiTypes[type].requests, statistic: 'SampleCount' }];
}

function sum(name: string): PanelMetric[] {
  return [{ name, statistic: 'Sum' }];
}

function panel(
  id: string,
  title: string,
  scope: ApiPanel['scope'],
  level: Level,
  shape: ApiPanel['shape'],
  metrics: readonly PanelMetric[],
): ApiPanel {
  return { id, title, scope, level, shape, metrics };
}
