import { Duration } from 'aws-cdk-lib';
import {
  CustomWidget,
  Dashboard,
  DashboardVariable,
  DefaultValue,
  GraphWidget,
  type GraphWidgetProps,
  GraphWidgetView,
  type IMetric,
  type IWidget,
  SearchExpression,
  SingleValueWidget,
  TableWidget,
  TextWidget,
  TextWidgetBackground,
  Values,
  VariableInputType,
  VariableType,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  API_METRICS_NAMESPACE,
  apiTypeNames,
  apiTypes,
  dimensionsOf,
} from '../../lambda/core/api-metrics';
import type { ApiType } from '../../lambda/core/format/known/log-format';
import { DASHBOARD_COLUMNS, widgetRows } from '../observability/widget-rows';
import { type ApiPanel, type PanelMetric, type PanelSection, sectionsOf } from './api-panels';
import { ApiWidgetsFunction } from './api-widgets-function';

export interface ApiDashboardsProps {
  /**
   * What the dashboards' names begin with; they go on with `-rest`, `-http` and `-websocket`.
   *
   * @default 'api-gateway'
   */
  readonly name?: string;

  /**
   * The types of APIs that get a dashboard.
   *
   * An account's first three dashboards are free.
   *
   * @default - all three
   */
  readonly types?: readonly ApiType[];

  /**
   * Whether to draw today beside yesterday and a week ago, and to show the names of APIs where
   * CloudWatch knows ids only.
   *
   * CloudWatch can do neither by itself: a small function draws these widgets. A viewer has to allow
   * custom widgets once, and needs `lambda:InvokeFunction` on it.
   *
   * @default true
   */
  readonly customWidgets?: boolean;
}

/** What the dashboard's variables replace; both stand in every search of the chosen API. */
const CHOSEN_API = 'the-chosen-api';
const CHOSEN_STAGE = 'the-chosen-stage';

/**
 * Dashboards of API Gateway's own metrics, one for each type of API, for all APIs of the account and
 * Region: they find new ones by themselves.
 */
export class ApiDashboards extends Construct {
  /** By the type of the APIs that they show. */
  readonly dashboards: Readonly<Partial<Record<ApiType, Dashboard>>>;

  constructor(scope: Construct, id: string, props: ApiDashboardsProps = {}) {
    super(scope, id);
    const { name = 'api-gateway', types = apiTypeNames, customWidgets = true } = props;
    const widgets = customWidgets ? new ApiWidgetsFunction(this, 'Widgets').function : undefined;

    this.dashboards = Object.fromEntries(
      types.map((type) => [
        type,
        new Dashboard(this, type, {
          dashboardName: `${name}-${type.toLowerCase()}`,
          defaultInterval: Duration.days(1),
          variables: [variable(type, 'api', CHOSEN_API), variable(type, 'stage', CHOSEN_STAGE)],
          widgets: sectionsOf(type).flatMap((section) => rowsOf(type, section, widgets)),
        }),
      ]),
    );
  }
}

function variable(type: ApiType, id: 'api' | 'stage', pattern: string): DashboardVariable {
  const { apiDimension, requests } = apiTypes[type];
  return new DashboardVariable({
    id,
    label: id === 'stage' ? 'Stage' : type === 'REST' ? 'API' : 'API id',
    type: VariableType.PATTERN,
    value: pattern,
    inputType: VariableInputType.SELECT,
    values: Values.fromSearchComponents({
      namespace: API_METRICS_NAMESPACE,
      dimensions: [apiDimension, 'Stage'],
      metricName: requests,
      populateFrom: id === 'stage' ? 'Stage' : apiDimension,
    }),
    defaultValue: DefaultValue.FIRST,
  });
}

/** A heading, then the panels in rows that are as wide as the dashboard. */
function rowsOf(type: ApiType, section: PanelSection, widgets: IFunction | undefined): IWidget[][] {
  const heading = new TextWidget({
    markdown: `## ${section.title}${section.note ? `\n${section.note}` : ''}`,
    width: DASHBOARD_COLUMNS,
    height: section.note ? 2 : 1,
    background: TextWidgetBackground.TRANSPARENT,
  });
  return [
    [heading],
    ...widgetRows(section.panels.flatMap((panel) => widgetsOf(type, panel, widgets))),
  ];
}

function widgetsOf(type: ApiType, panel: ApiPanel, widgets: IFunction | undefined): IWidget[] {
  const { title } = panel;
  const metrics = panel.metrics.flatMap((metric) => searched(type, panel, metric));
  switch (panel.shape) {
    case 'compare':
      if (!widgets)
        return [new GraphWidget({ title: 'Requests', left: totals(type, panel), width: 24 })];
      return panel.scope === 'one'
        ? [
            customWidget(widgets, title, {
              widget: 'traffic',
              type,
              api: CHOSEN_API,
              stage: CHOSEN_STAGE,
            }),
          ]
        : [
            customWidget(widgets, title, { widget: 'traffic', type }),
            customWidget(widgets, 'APIs by name', { widget: 'apis', type }),
          ];
    case 'value':
      return [
        new SingleValueWidget({
          title,
          metrics: totals(type, panel),
          width: 6,
          setPeriodToTimeRange: true,
          sparkline: false,
        }),
      ];
    case 'series-count':
      return [
        new SingleValueWidget({
          title,
          metrics: metrics.map(
            ({ expression }) =>
              new SearchExpression({ label: title, expression: `METRIC_COUNT(${expression})` }),
          ),
          width: 6,
          setPeriodToTimeRange: true,
        }),
      ];
    case 'table':
      return [new TableWidget({ title, metrics, width: 12, setPeriodToTimeRange: true })];
    case 'bar':
      return [graph(title, metrics, { view: GraphWidgetView.BAR, setPeriodToTimeRange: true })];
    case 'stacked':
      return [graph(title, metrics, { stacked: true })];
    case 'line':
      return [graph(title, metrics, {})];
  }
}

function graph(title: string, left: IMetric[], options: Partial<GraphWidgetProps>): GraphWidget {
  return new GraphWidget({ title, left, width: 8, ...options });
}

function customWidget(target: IFunction, title: string, params: object): IWidget {
  return new CustomWidget({
    title,
    functionArn: target.functionArn,
    params,
    width: 12,
    height: 8,
    updateOnTimeRangeChange: true,
  });
}

/** The series of a panel's metric. */
function searched(type: ApiType, panel: ApiPanel, metric: PanelMetric): SearchExpression[] {
  return searchesOf(type, panel, metric).map(
    (search) =>
      new SearchExpression({
        label: metric.label ?? '',
        expression: `${metric.percent ? '100*' : ''}${search}`,
      }),
  );
}

/** The sum over all series that are found. */
function totals(type: ApiType, panel: ApiPanel): SearchExpression[] {
  return panel.metrics
    .flatMap((metric) => searchesOf(type, panel, metric))
    .map((search) => new SearchExpression({ label: panel.title, expression: `SUM(${search})` }));
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
function searchesOf(type: ApiType, panel: ApiPanel, { name, statistic }: PanelMetric): string[] {
  const terms = [
    `MetricName="${name}"`,
    ...(panel.scope === 'one'
      ? [`${apiTypes[type].apiDimension}="${CHOSEN_API}"`, `Stage="${CHOSEN_STAGE}"`]
      : []),
  ];
  return dimensionsOf(type, panel.level).map(
    (dimensions) =>
      `SEARCH('{${[API_METRICS_NAMESPACE, ...dimensions]}} ${terms.join(' ')}', '${statistic}')`,
  );
}
