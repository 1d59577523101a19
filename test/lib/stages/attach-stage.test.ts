import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnStage, LogGroupLogDestination, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnStage as CfnHttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
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
