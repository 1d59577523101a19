import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { StageLogGroup } from '../../lib/stage-log-group';
import { testApp } from '../support/cdk-app';

const streamArn = 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/amazon-apigateway-orders';

function logGroupNames(stack: Stack): string[] {
  return Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup')).map(
    (resource) => resource['Properties'].LogGroupName,
  );
}

function add(stack: Stack, ...ids: string[]): Stack {
  const subscriptionRole = new Role(stack, 'Role', {
    assumedBy: new ServicePrincipal('logs.amazonaws.com'),
  });
  subscriptionRole.addToPolicy(
    new PolicyStatement({ actions: ['firehose:PutRecord'], resources: [streamArn] }),
  );
  for (const id of ids) new StageLogGroup(stack, id, { streamArn, subscriptionRole });
  return stack;
}

describe('StageLogGroup', () => {
  test('has a name that the account-wide delivery policy covers with one entry', () => {
    for (const name of logGroupNames(add(new Stack(testApp()), 'Logs'))) {
      expect(name).toMatch(/^\/aws\/vendedlogs\/apigateway\/[\w-]+$/);
    }
  });

  test('has a name of its own, within a stack and between stacks', () => {
    const names = [
      ...logGroupNames(add(new Stack(testApp(), 'One'), 'Orders', 'Returns')),
      ...logGroupNames(add(new Stack(testApp(), 'Two'), 'Orders', 'Returns')),
    ];

    expect(new Set(names).size).toBe(4);
  });

  test('is subscribed only once its role may put into the stream', () => {
    const template = Template.fromStack(add(new Stack(testApp()), 'Logs'));
    const [policy] = Object.keys(template.findResources('AWS::IAM::Policy'));

    template.hasResource('AWS::Logs::SubscriptionFilter', {
      DependsOn: Match.arrayWith([policy]),
    });
  });
});
