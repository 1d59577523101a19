import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { rolledUpPanels } from '../../../analytics/athena/panel-rollups';
import { panelOf } from '../../../analytics/panels/all';
import { AccessLogPipeline } from '../../../lib/access-log-pipeline';
import { testApp } from '../../support/cdk-app';

function stackOf(analyticsDashboards: boolean): Stack {
  const stack = new Stack(testApp(), 'Stack');
  new AccessLogPipeline(stack, 'Pipeline', {
    name: 'our-orders',
    dashboard: false,
    analytics: true,
    analyticsDashboards,
  });
  return stack;
}

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title?: string; readonly params?: object };
}

interface Body {
  readonly start: string;
  readonly widgets: readonly Widget[];
}

describe('dashboards of the access log', () => {
  let stack: Stack;
  let template: Template;
  let bodies: Map<string, Body>;

  beforeAll(() => {
    stack = stackOf(true);
    template = Template.fromStack(stack);
    bodies = new Map(
      Object.values(template.findResources('AWS::CloudWatch::Dashboard')).map(
        ({ Properties: { DashboardName, DashboardBody } }) => [
          DashboardName,
          JSON.parse(textOf(DashboardBody)),
        ],
      ),
    );
  });

  test('are not there unasked', () => {
    Template.fromStack(stackOf(false)).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });

  test('are four, with every panel that roll-ups answer, and nothing but its name for a parameter', () => {
    expect([...bodies.keys()].sort()).toEqual(
      ['customers', 'errors', 'overview', 'plans'].map((page) => `our-orders-logs-${page}`),
    );
    for (const [name, { widgets }] of bodies) {
      const custom = widgets.filter(({ type }) => type === 'custom');
      const ids = rolledUpPanels.filter((id) => name.endsWith(`-${panelOf(id).page}`));
      expect(custom.map(({ properties }) => properties.params)).toEqual(
        ids.map((panel) => ({ panel })),
      );
      expect(custom.map(({ properties }) => properties.title)).toEqual(
        ids.map((id) => panelOf(id).title),
      );
    }
  });

  test('are within the limits of CloudWatch, and no widget lies over another', () => {
    for (const { widgets, start } of bodies.values()) {
      expect(start).toBe('-P14D');
      expect(widgets.length).toBeLessThanOrEqual(500);
      const cells = widgets.flatMap(({ x, y, width, height }) =>
        Array.from({ length: width * height }, (_, cell) => [
          x + (cell % width),
          y + Math.floor(cell / width),
        ]),
      );
      expect(new Set(cells.map(String)).size).toBe(cells.length);
      expect(Math.max(...cells.map(([x = 0]) => x))).toBeLessThan(24);
    }
  });

  test('lead to each other', () => {
    for (const [name, { widgets }] of bodies) {
      const text = JSON.stringify(widgets[0]);
      for (const other of bodies.keys()) {
        expect([other, text.includes(`#dashboards:name=${other})`)]).toEqual([
          other,
          other !== name,
        ]);
      }
    }
  });

  test('are drawn by a function that reads roll-ups and nothing else', () => {
    const policies = template.findResources('AWS::IAM::Policy');
    const statements = Object.entries(policies)
      .filter(([id]) => id.includes('DashboardsWidgets'))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
    const allowed = Object.fromEntries(
      statements.map(({ Sid, Action, Resource, Condition }) => [
        Sid ?? 'log',
        { actions: [Action].flat(), resources: JSON.stringify([Resource].flat()), Condition },
      ]),
    );

    expect(Object.keys(allowed).sort()).toEqual([
      'FindBucket',
      'FindRollups',
      'ListRollups',
      'ReadRollups',
      'RunQueries',
      'log',
    ]);
    expect(allowed['log'].actions).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
    expect(allowed['ReadRollups']).toMatchObject({
      actions: ['s3:GetObject'],
      resources: expect.stringMatching(/"\/analytics\/rollup_\*"\]\]\}\]$/),
    });
    expect(allowed['ListRollups'].Condition).toEqual({
      StringLike: { 's3:prefix': 'analytics/rollup_*' },
    });
    expect(allowed['FindRollups'].resources).toContain(':table/our_orders/rollup_*');
    expect(allowed['FindRollups'].resources).not.toContain(':table/our_orders/*');
    expect(allowed['RunQueries'].resources).toContain(':workgroup/our-orders-log-widgets');
    expect(
      statements
        .flatMap(({ Action }) => Action)
        .filter(
          (action: string) => !/:(Get|BatchGet|List|StartQuery|StopQuery)|^logs:/.test(action),
        ),
    ).toEqual([]);
  });

  test('have a workgroup of their own, whose queries read little', () => {
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      Name: 'our-orders-log-widgets',
      WorkGroupConfiguration: Match.objectLike({
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 10 * 1024 ** 3,
      }),
    });
  });

  for (const Checks of [AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks]) {
    test(`leave the ${Checks.name} nothing to find`, () => {
      expect(new Checks().validateScope(stack).violations).toEqual([]);
    });
  }
});

function textOf(body: string | { 'Fn::Join': [string, unknown[]] }): string {
  if (typeof body === 'string') return body;
  const [, parts] = body['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : 'reference')).join('');
}
