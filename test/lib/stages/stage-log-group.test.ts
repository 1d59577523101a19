import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { StageLogGroup, type StageLogGroupProps } from '../../../lib/stages/stage-log-group';
import { testApp } from '../../support/cdk-app';

const streamArn = 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/amazon-apigateway-orders';

function logGroupNames(stack: Stack): string[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup')).map(
    (resource) => resource['Properties'].LogGroupName,
  );
}

function add(stack: Stack, props: Partial<StageLogGroupProps>, ...ids: string[]): Stack {
  const subscriptionRole = new Role(stack, 'Role', {
    assumedBy: new ServicePrincipal('logs.amazonaws.com'),
  });
  subscriptionRole.addToPolicy(
    new PolicyStatement({ actions: ['firehose:PutRecord'], resources: [streamArn] }),
  );
  const streamName = 'amazon-apigateway-orders';
  for (const id of ids) {
    new StageLogGroup(stack, id, { streamArn, streamName, subscriptionRole, ...props });
  }
  return stack;
}

describe('StageLogGroup', () => {
  test('has a name that the account-wide delivery policy covers with one entry', () => {
    for (const name of logGroupNames(add(new Stack(testApp()), {}, 'Logs'))) {
      expect(name).toMatch(/^\/aws\/vendedlogs\/apigateway\/[\w-]+$/);
    }
  });

  test('has a name of its own, within a stack and between stacks', () => {
    const names = [
      ...logGroupNames(add(new Stack(testApp(), 'One'), {}, 'Orders', 'Returns')),
      ...logGroupNames(add(new Stack(testApp(), 'Two'), {}, 'Orders', 'Returns')),
    ];

    expect(new Set(names).size).toBe(4);
  });

  test('is subscribed only once its role may put into the stream', () => {
    const template = Template.fromStack(add(new Stack(testApp()), {}, 'Logs'));
    const [policy] = Object.keys(template.findResources('AWS::IAM::Policy'));

    template.hasResource('AWS::Logs::SubscriptionFilter', {
      DependsOn: Match.arrayWith([policy]),
    });
  });

  test("is encrypted with a customer's key, which lets CloudWatch Logs use it", () => {
    const stack = new Stack(testApp());
    const encryptionKey = new Key(stack, 'Key');
    const template = Template.fromStack(add(stack, { encryptionKey }, 'Logs'));

    template.hasResourceProperties('AWS::Logs::LogGroup', {
      KmsKeyId: stack.resolve(encryptionKey.keyArn),
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'EncryptLogs',
            Principal: {
              Service: {
                'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]],
              },
            },
          }),
        ]),
      },
    });
  });
});
