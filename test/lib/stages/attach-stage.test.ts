import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnStage, FirehoseLogDestination, RestApi, Stage } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnStage as CfnHttpStage,
  HttpApi,
  HttpStage,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
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
      deployOptions: { accessLogDestination: new FirehoseLogDestination(pipeline.stream) },
    });
    api.root.addMethod('GET');

    expect(() => pipeline.attachRestStage(api.deploymentStage)).toThrow(
      'stage: got Default/Api/DeploymentStage.prod/Resource, which logs to another destination',
    );
  });
});

describe('an existing stage', () => {
  const stack = new Stack(testApp(), 'Stack');
  const pipeline = pipelineIn(stack);
  pipeline.attachRestStage({ apiId: 'rest1', stageName: 'prod' });
  pipeline.attachHttpStage({ apiId: 'http1', stageName: '$default' });
  const template = Template.fromStack(stack);

  function callsOf(type: string): Record<string, { action: string; parameters: object }> {
    const [resource] = Object.values(template.findResources(type));
    const { Create, Update, Delete } = (resource as { Properties: Record<string, unknown> })
      .Properties;
    const text = (call: unknown) =>
      typeof call === 'string'
        ? call
        : (call as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1]
            .map((part) => (typeof part === 'string' ? part : '<token>'))
            .join('');
    return Object.fromEntries(
      Object.entries({ Create, Update, Delete })
        .filter(([, call]) => call !== undefined)
        .map(([name, call]) => [name, JSON.parse(text(call))]),
    );
  }

  test('of a REST API is pointed to the stream at deployment', () => {
    const { Create, Update } = callsOf('Custom::RestStageAccessLogs');

    expect(Create).toMatchObject({
      action: 'updateStage',
      parameters: {
        restApiId: 'rest1',
        stageName: 'prod',
        patchOperations: [
          { op: 'replace', path: '/accessLogSettings/destinationArn', value: '<token>' },
          { op: 'replace', path: '/accessLogSettings/format', value: logFormat('REST') },
        ],
      },
    });
    expect(Update).toEqual(Create);
  });

  test('of an HTTP API is pointed to a log group at deployment', () => {
    expect(callsOf('Custom::HttpStageAccessLogs')['Create']).toMatchObject({
      action: 'updateStage',
      parameters: {
        ApiId: 'http1',
        StageName: '$default',
        AccessLogSettings: { Format: logFormat('HTTP') },
      },
    });
  });

  test('stops logging when it is no longer attached, and may be gone by then', () => {
    expect(callsOf('Custom::RestStageAccessLogs')['Delete']).toMatchObject({
      parameters: { patchOperations: [{ op: 'remove', path: '/accessLogSettings' }] },
      ignoreErrorCodesMatching: 'NotFoundException',
    });
    expect(callsOf('Custom::HttpStageAccessLogs')['Delete']).toMatchObject({
      action: 'deleteAccessLogSettings',
      ignoreErrorCodesMatching: 'NotFoundException',
    });
  });

  test('is all that may be changed of a REST API', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'apigateway:PATCH',
            Resource: {
              'Fn::Join': ['', Match.arrayWith(['::/restapis/rest1/stages/prod'])],
            },
          },
        ],
      },
    });
  });

  test('may be imported', () => {
    const other = new Stack(testApp());
    const api = RestApi.fromRestApiId(other, 'Rest', 'rest2');
    const httpApi = HttpApi.fromHttpApiAttributes(other, 'Http', { httpApiId: 'http2' });

    const attached = pipelineIn(other);
    attached.attachRestStage(
      Stage.fromStageAttributes(other, 'RestStage', { restApi: api, stageName: 'prod' }),
    );
    attached.attachHttpStage(
      HttpStage.fromHttpStageAttributes(other, 'HttpStage', { api: httpApi, stageName: 'prod' }),
    );
    attached.attachWebSocketStage(
      WebSocketStage.fromWebSocketStageAttributes(other, 'WebSocketStage', {
        api: { apiId: 'ws2' } as never,
        stageName: 'prod',
      }),
    );

    Template.fromStack(other).resourceCountIs('Custom::RestStageAccessLogs', 1);
    Template.fromStack(other).resourceCountIs('Custom::HttpStageAccessLogs', 2);
  });

  test('whose API is known at deployment only needs an id', () => {
    const other = new Stack(testApp());
    const apiId = new CfnParameter(other, 'ApiId').valueAsString;
    const attached = pipelineIn(other);

    expect(() => attached.attachRestStage({ apiId, stageName: 'prod' })).toThrow(
      'id: got none, expected a name for a stage',
    );
    attached.attachRestStage({ apiId, stageName: 'prod', id: 'Orders' });
    Template.fromStack(other).resourceCountIs('Custom::RestStageAccessLogs', 1);
  });
});
