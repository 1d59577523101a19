import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { AccountTrail, type AccountTrailProps } from '../../../lib/catalog/account-trail';
import { testApp } from '../../support/cdk-app';

describe('AccountTrail', () => {
  const stack = new Stack(testApp());
  new AccountTrail(stack, 'Trail');
  const template = Template.fromStack(stack);

  test('records what changes something in this Region, and nothing else', () => {
    template.hasResourceProperties('AWS::CloudTrail::Trail', {
      IsLogging: true,
      IsMultiRegionTrail: false,
      IncludeGlobalServiceEvents: false,
      EnableLogFileValidation: true,
      EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'WriteOnly' }],
    });
  });

  test('keeps it in an encrypted, private bucket for a quarter of a year', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
          ],
        },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
        LifecycleConfiguration: { Rules: [{ ExpirationInDays: 90, Status: 'Enabled' }] },
      },
    });
  });
});

describe('AccountTrail for an audit', () => {
  const templateOf = (props: AccountTrailProps) => {
    const stack = new Stack(testApp());
    new AccountTrail(stack, 'Trail', props);
    return Template.fromStack(stack);
  };

  test('records changes of all Regions, and keeps them in versions', () => {
    const template = templateOf({ audit: true });

    template.resourceCountIs('AWS::CloudTrail::Trail', 1);
    template.hasResourceProperties('AWS::CloudTrail::Trail', {
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: true,
      KMSKeyId: Match.absent(),
      EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'WriteOnly' }],
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: [
          {
            ExpirationInDays: 400,
            NoncurrentVersionExpiration: { NoncurrentDays: 400 },
            Status: 'Enabled',
          },
        ],
      },
    });
  });

  test.each([AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks])(
    'leaves cdk-nag nothing to find: %p',
    (Checks) => {
      const stack = new Stack(testApp());
      new AccountTrail(stack, 'Trail', { audit: true, auditReads: true });

      expect(new Checks().validateScope(stack).violations).toEqual([]);
    },
  );

  test('records reads where asked for, as long as asked for', () => {
    const template = templateOf({
      audit: true,
      auditReads: true,
      auditRetention: Duration.days(7),
    });

    template.hasResourceProperties('AWS::CloudTrail::Trail', {
      EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' }],
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 7 })] },
    });
  });

  test('encrypts with a key, which trails of this account may use', () => {
    const stack = new Stack(testApp());
    const encryptionKey = new Key(stack, 'Key');
    new AccountTrail(stack, 'Trail', { audit: true, encryptionKey });
    const template = Template.fromStack(stack);

    template.hasResourceProperties('AWS::CloudTrail::Trail', { KMSKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'EncryptTrails',
            Action: 'kms:GenerateDataKey*',
            Principal: { Service: 'cloudtrail.amazonaws.com' },
            Condition: {
              StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': Match.anyValue() },
            },
          }),
        ]),
      },
    });
  });
});
