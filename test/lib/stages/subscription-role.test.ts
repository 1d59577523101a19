import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SubscriptionRole } from '../../../lib/stages/subscription-role';
import { testApp } from '../../support/cdk-app';

const streamArn = 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/amazon-apigateway-orders';

describe('SubscriptionRole', () => {
  const stack = new Stack(testApp());
  new SubscriptionRole(stack, 'Subscriptions', { streamArn });
  const template = Template.fromStack(stack);

  test('lends itself to CloudWatch Logs for log groups of this account and Region', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'logs.amazonaws.com' },
            Condition: {
              StringLike: {
                'aws:SourceArn': {
                  'Fn::Join': [
                    '',
                    [
                      'arn:',
                      { Ref: 'AWS::Partition' },
                      ':logs:',
                      { Ref: 'AWS::Region' },
                      ':',
                      { Ref: 'AWS::AccountId' },
                      ':*',
                    ],
                  ],
                },
              },
            },
          }),
        ],
      },
    });
  });

  test('may put into the one stream, and nothing else', () => {
    template.resourceCountIs('AWS::IAM::Policy', 1);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Action: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
            Resource: streamArn,
          }),
        ],
      },
    });
  });

  test('is another one under another name: log groups are never without permission', () => {
    const roleOf = (name: string) => {
      const other = new Stack(testApp());
      new SubscriptionRole(other, 'Subscriptions', { streamArn, name });
      return Object.keys(Template.fromStack(other).findResources('AWS::IAM::Role'));
    };

    expect(roleOf('orders')).toEqual(roleOf('orders'));
    expect(roleOf('orders')).not.toEqual(roleOf('returns'));
  });
});
