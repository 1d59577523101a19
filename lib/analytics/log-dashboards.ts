import { Aws, Duration, Size } from 'aws-cdk-lib';
import type { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import {
  CustomWidget,
  Dashboard,
  type IWidget,
  TextWidget,
  TextWidgetBackground,
} from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { rolledUpPanels } from '../../analytics/athena/panel-rollups';
import { panelOf } from '../../analytics/panels/all';
import type { Page, PanelShape } from '../../analytics/panels/panel';
import { SmallFunction } from '../functions/small-function';
import { acknowledgeWildcard } from '../nag/acknowledge-wildcard';
import { DASHBOARD_COLUMNS, widgetRows } from '../observability/widget-rows';
import { queryActions, readTableActions, workgroupOf } from './query-workgroup';

export interface LogDashboardsProps {
  /** The pipeline's name; the dashboards' names begin with it. */
  readonly name: string;
  /** Glue's database. */
  readonly databaseName: string;
  readonly bucket: IBucket;
  /** Where roll-ups stand in it, such as `analytics/`. */
  readonly folder: string;
}

/** What the roll-ups answer of these pages of the report. */
const dashboardPages = {
  overview: 'Overview',
  errors: 'Errors',
  customers: 'Customers',
  plans: 'Plans',
} as const satisfies Partial<Record<Page, string>>;

export type DashboardPage = keyof typeof dashboardPages;

/** Roll-ups are small: what reads more than this is a mistake, and costs 5 cents at most. */
const QUERY_LIMIT = Size.gibibytes(10);

/** Width and height of a widget, in the dashboard's units. */
const sizes: Readonly<Record<PanelShape, readonly [width: number, height: number]>> = {
  kpi: [24, 3],
  series: [12, 7],
  bars: [12, 7],
  heat: [12, 7],
  map: [12, 7],
  table: [24, 8],
};

/**
 * Dashboards of the access log in CloudWatch: the panels of the report that roll-ups answer, drawn by one
 * function. They show days that are closed.
 */
export class LogDashboards extends Construct {
  readonly dashboards: Readonly<Record<DashboardPage, Dashboard>>;
  /** Draws the widgets; viewers need `lambda:InvokeFunction` on it. */
  readonly widgets: LambdaFunction;

  constructor(scope: Construct, id: string, props: LogDashboardsProps) {
    super(scope, id);
    const { name } = props;
    const workgroup = workgroupOf(this, {
      name: `${name}-log-widgets`,
      description: 'What the access-log dashboards ask',
      queryLimit: QUERY_LIMIT,
    });
    this.widgets = this.#function(props, workgroup);
    const pages = Object.keys(dashboardPages) as DashboardPage[];
    this.dashboards = Object.fromEntries(
      pages.map((page) => [
        page,
        new Dashboard(this, dashboardPages[page], {
          dashboardName: `${name}-logs-${page}`,
          defaultInterval: Duration.days(14),
          widgets: [[heading(name, page)], ...widgetRows(this.#widgetsOf(page))],
        }),
      ]),
    ) as Record<DashboardPage, Dashboard>;
  }

  #widgetsOf(page: DashboardPage): IWidget[] {
    return rolledUpPanels
      .map(panelOf)
      .filter((panel) => panel.page === page)
      .map(({ id, title, shape }) => {
        const [width, height] = sizes[shape];
        return new CustomWidget({
          title,
          functionArn: this.widgets.functionArn,
          params: { panel: id },
          width,
          height,
          updateOnTimeRangeChange: true,
        });
      });
  }

  #function(
    { name, databaseName, bucket, folder }: LogDashboardsProps,
    workgroup: CfnWorkGroup,
  ): LambdaFunction {
    const glue = `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
    const tables = `${glue}:table/${databaseName}/rollup_*`;
    const objects = bucket.arnForObjects(`${folder}rollup_*`);
    const { function: widgets, role } = new SmallFunction(this, 'Widgets', {
      name: 'log-widgets',
      description: `Draws the widgets of the access-log dashboards (${name})`,
      reason: 'A viewer waits for it and sees what it says; it keeps nothing.',
      timeout: Duration.seconds(60),
      // Tens of thousands of rows are taken apart and drawn.
      memorySize: 1024,
      environment: { WORKGROUP: workgroup.name, DATABASE: databaseName },
      policies: [
        new PolicyStatement({
          sid: 'RunQueries',
          actions: [...queryActions],
          resources: [
            `arn:${Aws.PARTITION}:athena:${Aws.REGION}:${Aws.ACCOUNT_ID}:workgroup/${workgroup.name}`,
          ],
        }),
        new PolicyStatement({
          sid: 'FindRollups',
          actions: [...readTableActions],
          resources: [`${glue}:catalog`, `${glue}:database/${databaseName}`, tables],
        }),
        new PolicyStatement({
          sid: 'ReadRollups',
          actions: ['s3:GetObject'],
          resources: [objects],
        }),
        new PolicyStatement({
          sid: 'ListRollups',
          actions: ['s3:ListBucket'],
          resources: [bucket.bucketArn],
          conditions: { StringLike: { 's3:prefix': `${folder}rollup_*` } },
        }),
        new PolicyStatement({
          sid: 'FindBucket',
          actions: ['s3:GetBucketLocation'],
          resources: [bucket.bucketArn],
        }),
      ],
    });
    bucket.encryptionKey?.grantDecrypt(role);
    for (const resource of [tables, objects]) {
      acknowledgeWildcard(role, resource, 'There is a roll-up for each kind of panel.');
    }
    return widgets;
  }
}

function heading(name: string, page: DashboardPage): TextWidget {
  const links = Object.entries(dashboardPages)
    .filter(([other]) => other !== page)
    .map(([other, title]) => `[${title}](#dashboards:name=${name}-logs-${other})`);
  return new TextWidget({
    markdown: `## ${dashboardPages[page]} · ${links.join(' · ')}\nOf days that are closed, a day or more after their end. What is newer: \`apigw-logs report --stack\`.`,
    width: DASHBOARD_COLUMNS,
    height: 2,
    background: TextWidgetBackground.TRANSPARENT,
  });
}
