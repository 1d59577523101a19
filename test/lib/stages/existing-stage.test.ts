import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { RestApi, Stage } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpStage, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { logFormat } from '../../../lambda/core/format/known/log-format';
import { AccessLogPipeline } from '../../../lib/access-log-pipeline';
import { testApp } from '../../support/cdk-app';

function pipelineIn(stack: Stack): AccessLogPipeline {
  return new AccessLogPipeline(stack, 'Pipeline');
}

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
    { stage: { apiId: '*', stageName: 'prod' }, message: 'apiId: got "*", expected letters' },
    { stage: { apiId: 'orders/prod', stageName: 'v1' }, message: 'apiId: got "orders/prod", exp' },
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
