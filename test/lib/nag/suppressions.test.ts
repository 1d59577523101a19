import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { suppress } from '../../../lib/nag/suppressions';
import { testApp } from '../../support/cdk-app';

describe('what cdk-nag 2 is told', () => {
  const stack = new Stack(testApp(), 'Stack');
  const scope = new Construct(stack, 'Scope');
  suppress(scope, [{ id: 'AwsSolutions-S1', reason: 'It is a log of its own.' }]);
  suppress(scope, [
    { id: 'AwsSolutions-IAM5', reason: 'Names come and go.', appliesTo: 'Resource::*' },
  ]);
  new Bucket(scope, 'Below');
  new Bucket(stack, 'Beside');
  const buckets = Object.entries(Template.fromStack(stack).findResources('AWS::S3::Bucket'));
  const metadataOf = (part: string) => buckets.find(([id]) => id.includes(part))?.[1]['Metadata'];

  test('stands at resources below, those made later too, each rule once', () => {
    expect(metadataOf('Below')).toMatchObject({
      cdk_nag: {
        rules_to_suppress: [
          { id: 'AwsSolutions-S1', reason: 'It is a log of its own.' },
          { id: 'AwsSolutions-IAM5', reason: 'Names come and go.', applies_to: ['Resource::*'] },
        ],
      },
    });
  });

  test('stands nowhere else', () => {
    expect(metadataOf('Beside')).toBeUndefined();
  });
});
