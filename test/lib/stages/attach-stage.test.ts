import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnStage, LogGroupLogDestination, RestApi, Stage } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnStage as CfnHttpStage,
  HttpApi,
  HttpStage,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { logFormat } from '../../../lambda/core/format/known/log-format';
import { AccessLogPipeline } from '../../../lib/access-log-pipeline';
import { httpStage, restApi, webSocketStage } from '../../support/apis';
import { testApp } from '../../support/cdk-app';

function pipelineIn(stack: Stack): AccessLogPipeline {
  return new AccessLogPipeline(stack, 'Pipeline');
}

describe('a REST API stage of the app', () => {
  const stack = new Stack(testApp());
  const pipeline = pipelineIn(stack);
  pipeline.attachRestStage(restApi(stack).deploymentStage);
  const template = Template.fromStack(stack);

  test('writes straight to the stream, in the format of REST APIs', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      AccessLogSetting: {
        DestinationArn: stack.resolve(pipeline.stream.attrArn),
        Format: logFormat('REST'),
      },
    });
  });

  test('needs neither a log group nor a custom resource', () => {
    template.resourceCountIs('AWS::Logs::SubscriptionFilter', 0);
    template.resourceCountIs('Custom::RestStageAccessLogs', 0);
  });
});

const logGroupStages = [
  {
    apiType: 'HTTP' as const,
    attach: (pipeline: AccessLogPipeline, stack: Stack, options = {}) =>
      pipeline.attachHttpStage(httpStage(stack), options),
  },
  {
    apiType: 'WEBSOCKET' as const,
    attach: (pipeline: AccessLogPipeline, stack: Stack, options = {}) =>
      pipeline.attachWebSocketStage(webSocketStage(stack), options),
  },
];

for (const { apiType, attach } of logGroupStages) {
  describe(`a ${apiType} API stage of the app`, () => {
    const stack = new Stack(testApp(), 'Stack');
    const pipeline = pipelineIn(stack);
    attach(pipeline, stack);
    const template = Template.fromStack(stack);
    const [subscription] = Object.values(template.findResources('AWS::Logs::SubscriptionFilter'));
    const logGroup = subscription?.['Properties'].LogGroupName.Ref;

    test('writes to a log group, in the format of its type', () => {
      template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
        AccessLogSettings: {
          DestinationArn: {
            'Fn::Join': ['', Match.arrayWith([':log-group:', { Ref: logGroup }])],
          },
          Format: logFormat(apiType),
        },
      });
    });

    test('has all of that log group put into the stream', () => {
      template.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
        DestinationArn: stack.resolve(pipeline.stream.attrArn),
        RoleArn: stack.resolve(pipeline.subscriptionRole.roleArn),
        FilterPattern: '',
      });
    });

    test('keeps its log group for a week', () => {
      expect(template.findResources('AWS::Logs::LogGroup')[logGroup]).toMatchObject({
        Properties: { RetentionInDays: 7 },
        DeletionPolicy: 'Delete',
      });
    });

    test('takes another retention and another format', () => {
      const other = new Stack(testApp());
      const format = '{"id":"$context.requestId"}';
      attach(pipelineIn(other), other, { logGroupRetention: RetentionDays.ONE_DAY, format });

      Template.fromStack(other).hasResourceProperties('AWS::Logs::LogGroup', {
        RetentionInDays: 1,
      });
      Template.fromStack(other).hasResourceProperties('AWS::ApiGatewayV2::Stage', {
        AccessLogSettings: { Format: format },
      });
    });
  });
}

describe('a stage', () => {
  test('may stand in another stack than the pipeline', () => {
    const app = testApp();
    const pipeline = pipelineIn(new Stack(app, 'Logs'));
    const apis = new Stack(app, 'Apis');

    pipeline.attachRestStage(restApi(apis).deploymentStage);
    pipeline.attachHttpStage(httpStage(apis));

    Template.fromStack(apis).resourceCountIs('AWS::Logs::SubscriptionFilter', 1);
    expect(apis.dependencies.map(({ stackName }) => stackName)).toEqual(['Logs']);
  });

  test('may be given as the bare resource', () => {
    const stack = new Stack(testApp());
    const pipeline = pipelineIn(stack);
    const rest = new CfnStage(stack, 'RestStage', { restApiId: 'r1', stageName: 'prod' });
    const http = new CfnHttpStage(stack, 'HttpStage', { apiId: 'h1', stageName: 'prod' });

    pipeline.attachRestStage(rest);
    pipeline.attachHttpStage(http);

    expect(stack.resolve(rest.accessLogSetting)).toMatchObject({ format: logFormat('REST') });
    expect(stack.resolve(http.accessLogSettings)).toMatchObject({ format: logFormat('HTTP') });
  });

  test('that logs elsewhere already is refused', () => {
    const stack = new Stack(testApp());
    const pipeline = pipelineIn(stack);
    const api = new RestApi(stack, 'Api', {
      deployOptions: {
        accessLogDestination: new LogGroupLogDestination(new LogGroup(stack, 'Own')),
      },
    });
    api.root.addMethod('GET');

    expect(() => pipeline.attachRestStage(api.deploymentStage)).toThrow(
      'stage: got Default/Api/DeploymentStage.prod/Resource, which logs to another destination',
    );
  });
});

test('a stage that is attached twice is refused, and says so', () => {
  const stack = new Stack(testApp());
  const pipeline = pipelineIn(stack);
  const rest = restApi(stack).deploymentStage;
  const http = httpStage(stack);
  pipeline.attachRestStage(rest);
  pipeline.attachHttpStage(http);
  pipeline.attachRestStage({ apiId: 'a1b2c3d4e5', stageName: 'prod' });

  expect(() => pipeline.attachRestStage(rest)).toThrow(
    'stage: got Default/Rest/DeploymentStage.prod/Resource twice, expected each stage once',
  );
  expect(() => pipeline.attachHttpStage(http)).toThrow('twice, expected each stage once');
  expect(() => pipeline.attachRestStage({ apiId: 'a1b2c3d4e5', stageName: 'prod' })).toThrow(
    'stage: got a1b2c3d4e5-prod twice, expected each stage once',
  );
});

describe('a stage of another Region or account', () => {
  const env = { account: '111122223333', region: 'us-east-1' };
  const others = [
    {
      env: { ...env, region: 'eu-west-1' },
      message: 'of region eu-west-1, expected one of the pipel',
    },
    {
      env: { ...env, account: '444455556666' },
      message: 'of account 444455556666, expected one of',
    },
  ];
  for (const { env: other, message } of others) {
    test(`is refused: ${message.slice(0, message.indexOf(','))}`, () => {
      const app = testApp();
      const pipeline = pipelineIn(new Stack(app, 'Logs', { env }));
      const apis = new Stack(app, 'Apis', { env: other });

      expect(() => pipeline.attachRestStage(restApi(apis).deploymentStage)).toThrow(message);
      expect(() => pipeline.attachHttpStage(httpStage(apis))).toThrow(message);
    });
  }

  test('is taken where its stack does not say where it is', () => {
    const app = testApp();
    const pipeline = pipelineIn(new Stack(app, 'Logs'));

    expect(() =>
      pipeline.attachRestStage(restApi(new Stack(app, 'Apis')).deploymentStage),
    ).not.toThrow();
  });
});

describe('an existing stage', () => {
  const stack = new Stack(testApp(), 'Stack');
  const pipeline = pipelineIn(stack);
  pipeline.attachRestStage({ apiId: 'a1b2c3d4e5', stageName: 'prod' });
  pipeline.attachHttpStage({ apiId: 'f6g7h8i9j0', stageName: '$default' });
  const template = Template.fromStack(stack);
  const type = 'Custom::ApiGatewayStageAccessLog';

  test('of a REST API is pointed to the stream at deployment', () => {
    template.hasResourceProperties(type, {
      ApiId: 'a1b2c3d4e5',
      ApiType: 'REST',
      StageName: 'prod',
      DestinationArn: stack.resolve(pipeline.stream.attrArn),
      Format: logFormat('REST'),
    });
  });

  test('of an HTTP API is pointed to a log group at deployment', () => {
    template.hasResourceProperties(type, {
      ApiId: 'f6g7h8i9j0',
      ApiType: 'HTTP',
      StageName: '$default',
      DestinationArn: { 'Fn::Join': ['', Match.arrayWith([':log-group:'])] },
      Format: logFormat('HTTP'),
    });
  });

  test('is attached by a function of the pipeline, and by no call of the CDK that keeps nothing', () => {
    const functions = template.findResources('AWS::Lambda::Function');
    const attachers = Object.entries(functions).filter(([id]) => id.includes('ExistingStages'));

    expect(attachers).toHaveLength(1);
    expect(Object.keys(functions).filter((id) => id.startsWith('AWS679f'))).toEqual([]);
  });

  function statementsOf(idPart: string): { Action: string | string[]; Resource: unknown }[] {
    const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
    const found = policies.find(([id]) => id.includes(idPart));
    return found?.[1]['Properties'].PolicyDocument.Statement;
  }

  const arnEndingWith = (end: string) => ({
    'Fn::Join': ['', expect.arrayContaining([expect.stringMatching(new RegExp(`${end}$`))])],
  });

  test('is all that may be read and changed of a REST API, and its note all of the bucket', () => {
    expect(statementsOf('a1b2c3d4e5prodPolicy')).toEqual([
      expect.objectContaining({
        Action: ['apigateway:GET', 'apigateway:PATCH'],
        Resource: arnEndingWith('::/restapis/a1b2c3d4e5/stages/prod'),
      }),
      expect.objectContaining({
        Action: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
        Resource: arnEndingWith('/_attach/a1b2c3d4e5/prod.json'),
      }),
      expect.objectContaining({
        Action: 'apigateway:GET',
        Resource: arnEndingWith('::/restapis/a1b2c3d4e5'),
      }),
    ]);
  });

  test('of an HTTP API may lose its access log settings, and cannot be deleted', () => {
    const deletions = statementsOf('f6g7h8i9j0defaultPolicy').filter(({ Action }) =>
      Action.includes('apigateway:DELETE'),
    );

    expect(deletions).toEqual([
      expect.objectContaining({
        Resource: arnEndingWith('::/apis/f6g7h8i9j0/stages/\\*/accesslogsettings'),
      }),
    ]);
  });

  test('keeps its permission until it is given back, when it is taken out of the code', () => {
    for (const idPart of ['a1b2c3d4e5prod', 'f6g7h8i9j0default']) {
      const ids = Object.keys(template.findResources('AWS::IAM::Policy'));
      const policy = ids.find((id) => id.includes(`${idPart}Policy`)) ?? '';
      const resources = Object.entries(template.findResources(type));
      const [, resource] = resources.find(([id]) => id.includes(idPart)) ?? [];

      expect(resource?.['DependsOn']).toContain(policy);
    }
  });

  test('may be imported', () => {
    const other = new Stack(testApp());
    const api = RestApi.fromRestApiId(other, 'Rest', 'a1b2c3d4e5');
    const httpApi = HttpApi.fromHttpApiAttributes(other, 'Http', { httpApiId: 'f6g7h8i9j0' });

    const attached = pipelineIn(other);
    attached.attachRestStage(
      Stage.fromStageAttributes(other, 'RestStage', { restApi: api, stageName: 'prod' }),
    );
    attached.attachHttpStage(
      HttpStage.fromHttpStageAttributes(other, 'HttpStage', { api: httpApi, stageName: 'prod' }),
    );
    attached.attachWebSocketStage(
      WebSocketStage.fromWebSocketStageAttributes(other, 'WebSocketStage', {
        api: { apiId: 'k1l2m3n4o5' } as never,
        stageName: 'prod',
      }),
    );

    Template.fromStack(other).resourceCountIs(type, 3);
  });

  test('whose API is known at deployment only needs an id', () => {
    const other = new Stack(testApp());
    const apiId = new CfnParameter(other, 'ApiId').valueAsString;
    const attached = pipelineIn(other);

    expect(() => attached.attachRestStage({ apiId, stageName: 'prod' })).toThrow(
      'id: got none, expected a name for a stage',
    );
    attached.attachRestStage({ apiId, stageName: 'prod', id: 'Orders' });
    Template.fromStack(other).resourceCountIs(type, 1);
  });

  const mistyped = [
    { stage: { apiId: '*', stageName: 'prod' }, message: 'apiId: got "*", expected 10 lower' },
    { stage: { apiId: 'orders', stageName: 'prod' }, message: 'apiId: got "orders", expected 10' },
    {
      stage: { apiId: 'a1b2c3d4e5', stageName: '*' },
      message: 'stageName: got "*", expected $def',
    },
  ];
  for (const { stage, message } of mistyped) {
    test(`is refused with ${message.slice(0, message.indexOf(','))}, which is no id`, () => {
      expect(() => pipelineIn(new Stack(testApp())).attachRestStage(stage)).toThrow(message);
    });
  }

  test('may be one of many, as many as a role can be allowed to change, and no more', () => {
    const attached = pipelineIn(new Stack(testApp()));
    const attach = (index: number) =>
      attached.attachRestStage({ apiId: `a1b2c3d${100 + index}`, stageName: 'prod' });
    for (let index = 0; index < 29; index++) attach(index);

    expect(() => attach(29)).toThrow('expected at most 29: apigw-logs attach takes any number');
  });
});
