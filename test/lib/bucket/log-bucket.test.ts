import { CfnResource, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { LogBucket, type LogBucketProps } from '../../../lib/bucket/log-bucket';
import { testApp } from '../../support/cdk-app';

const reader = 'arn:aws:iam::444455556666:role/billing';

function stackWith(props: LogBucketProps = {}, stackProps: StackProps = {}): Stack {
  const stack = new Stack(testApp(), 'Stack', stackProps);
  new LogBucket(stack, 'Logs', props);
  return stack;
}

function synthesize(props: LogBucketProps = {}): Template {
  return Template.fromStack(stackWith(props));
}

function lifecycleOf(props: LogBucketProps): object[] {
  const [bucket] = Object.values(synthesize(props).findResources('AWS::S3::Bucket'));
  return bucket?.['Properties'].LifecycleConfiguration.Rules;
}

describe('LogBucket', () => {
  const template = synthesize();

  test('blocks all public access', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  test('encrypts what it holds', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
        ],
      },
    });
  });

  test('refuses requests without TLS', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });

  test('keeps no versions', () => {
    template.hasResourceProperties('AWS::S3::Bucket', { VersioningConfiguration: Match.absent() });
  });

  test('drops uploads that were never completed, and expires no log', () => {
    expect(lifecycleOf({})).toEqual([
      { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
      { Status: 'Enabled', Prefix: 'source/', ExpirationInDays: 30 },
    ]);
  });

  for (const type of ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy']) {
    test(`leaves its ${type} in place when the stack goes, unless it never came to be`, () => {
      template.hasResource(type, {
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    });
  }

  test('moves and expires delivered logs as it is told to, and nothing else', () => {
    const rules = lifecycleOf({
      prefix: 'logs/orders/',
      infrequentAccessAfter: Duration.days(30),
      archiveAfter: Duration.days(90),
      expireLogsAfter: Duration.days(400),
    });

    expect(rules).toHaveLength(3);
    expect(rules[1]).toMatchObject({
      Prefix: 'logs/orders/',
      ExpirationInDays: 400,
      Transitions: [
        { StorageClass: 'STANDARD_IA', TransitionInDays: 30 },
        { StorageClass: 'GLACIER', TransitionInDays: 90 },
      ],
    });
  });

  test('expires delivered logs that are not moved before', () => {
    expect(lifecycleOf({ expireLogsAfter: Duration.days(400) })).toContainEqual({
      Status: 'Enabled',
      Prefix: 'logs/',
      ExpirationInDays: 400,
    });
  });

  test('expires failed records, those replayed and the source backup by rules of their own', () => {
    expect(lifecycleOf({ expireErrorsAfter: Duration.days(60) })).toMatchObject([
      {},
      { Prefix: 'errors/', ExpirationInDays: 60 },
      { Prefix: 'replayed/', ExpirationInDays: 60 },
      { Prefix: 'source/', ExpirationInDays: 30 },
    ]);
  });

  test('expires the source backup after it was turned off, since Firehose goes on with it', () => {
    expect(lifecycleOf({ expireSourceAfter: Duration.days(7) })).toContainEqual(
      expect.objectContaining({ Prefix: 'source/', ExpirationInDays: 7 }),
    );
  });

  const refused: { props: LogBucketProps; message: string }[] = [
    {
      props: { infrequentAccessAfter: Duration.days(29) },
      message: 'infrequentAccessAfter: got "29 days", expected whole days, at least 30',
    },
    {
      props: { infrequentAccessAfter: Duration.days(30), archiveAfter: Duration.days(45) },
      message: 'archiveAfter: got "45 days", expected whole days, at least 60',
    },
    {
      props: { archiveAfter: Duration.days(90), expireLogsAfter: Duration.days(90) },
      message: 'expireLogsAfter: got "90 days", expected whole days, at least 91',
    },
    {
      props: { expireErrorsAfter: Duration.hours(36) },
      message: 'expireErrorsAfter: got "1.5 days", expected whole days, at least 1',
    },
    { props: { prefix: 'logs', readers: [{ principal: reader }] }, message: 'prefix: got "logs"' },
  ];
  for (const { props, message } of refused) {
    test(`rejects ${message.slice(0, message.indexOf(','))}`, () => {
      expect(() => synthesize(props)).toThrow(message);
    });
  }

  test('takes a bucket that is there, and leaves it as it is', () => {
    const stack = new Stack(testApp());
    const bucket = Bucket.fromBucketName(stack, 'Archive', 'central-logs');

    expect(new LogBucket(stack, 'Logs', { bucket }).bucket).toBe(bucket);
    expect(stack.node.findAll().filter(CfnResource.isCfnResource)).toEqual([]);
    expect(
      () => new LogBucket(stack, 'Other', { bucket, expireLogsAfter: Duration.days(9) }),
    ).toThrow('expireLogsAfter: got "9 days", expected none with bucket');
  });

  describe('with a reader', () => {
    function statementsFor(props: LogBucketProps): object[] {
      const [policy] = Object.values(synthesize(props).findResources('AWS::S3::BucketPolicy'));
      return policy?.['Properties'].PolicyDocument.Statement.filter(
        ({ Effect }: { Effect: string }) => Effect === 'Allow',
      );
    }

    test('lets it list and get delivered logs, and nothing else', () => {
      const [bucket] = Object.keys(synthesize().findResources('AWS::S3::Bucket'));
      const bucketArn = { 'Fn::GetAtt': [bucket, 'Arn'] };

      expect(statementsFor({ readers: [{ principal: reader }] })).toEqual([
        {
          Effect: 'Allow',
          Principal: { AWS: reader },
          Action: 's3:GetObject',
          Resource: { 'Fn::Join': ['', [bucketArn, '/logs/*']] },
        },
        {
          Effect: 'Allow',
          Principal: { AWS: reader },
          Action: 's3:ListBucket',
          Resource: bucketArn,
          Condition: { StringLike: { 's3:prefix': 'logs/*' } },
        },
      ]);
    });

    test('keeps it to its own prefix', () => {
      const readers = [{ principal: reader, prefix: 'customer=acme/' }];

      expect(JSON.stringify(statementsFor({ readers }))).toContain('/logs/customer=acme/*');
      expect(statementsFor({ readers })[1]).toMatchObject({
        Condition: { StringLike: { 's3:prefix': 'logs/customer=acme/*' } },
      });
    });

    test('lets an account decide itself who reads', () => {
      const [statement] = statementsFor({ readers: [{ principal: '444455556666' }] });

      expect(statement).toMatchObject({
        Principal: {
          AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::444455556666:root']] },
        },
      });
    });

    const keep = { apiKeyValues: 'keep', readers: [{ principal: reader }] } as const;
    const ownAccount = { env: { account: '444455556666', region: 'eu-west-1' } };
    const warned: { title: string; stack: () => Stack; warnings: number }[] = [
      {
        title: 'warns where a foreign one sees key values',
        stack: () => stackWith(keep),
        warnings: 1,
      },
      {
        title: 'does not warn where values are masked',
        stack: () => stackWith({ ...keep, apiKeyValues: 'mask' }),
        warnings: 0,
      },
      {
        title: 'does not warn of one of its own account',
        stack: () => stackWith(keep, ownAccount),
        warnings: 0,
      },
    ];
    for (const { title, stack, warnings } of warned) {
      test(title, () => {
        const found = stack()
          .node.findAll()
          .flatMap(({ node }) => node.metadata)
          .filter(({ type }) => type === 'aws:cdk:warning');

        expect(found).toHaveLength(warnings);
        for (const { data } of found) expect(data).toContain('since apiKeyValues is "keep"');
      });
    }
  });

  describe("with a customer's key", () => {
    const stack = new Stack(testApp());
    const encryptionKey = new Key(stack, 'Key');
    new LogBucket(stack, 'Logs', { encryptionKey, readers: [{ principal: reader }] });
    const encrypted = Template.fromStack(stack);

    test('encrypts what it holds with it, and asks for it once for many objects', () => {
      encrypted.hasResourceProperties('AWS::S3::Bucket', {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            {
              BucketKeyEnabled: true,
              ServerSideEncryptionByDefault: {
                SSEAlgorithm: 'aws:kms',
                KMSMasterKeyID: stack.resolve(encryptionKey.keyArn),
              },
            },
          ],
        },
      });
    });

    test('lets readers decrypt, through S3 only', () => {
      encrypted.hasResourceProperties('AWS::KMS::Key', {
        KeyPolicy: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Principal: { AWS: reader },
              Action: 'kms:Decrypt',
              Condition: {
                StringEquals: {
                  'kms:ViaService': {
                    'Fn::Join': [
                      '',
                      ['s3.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }],
                    ],
                  },
                },
              },
            }),
          ]),
        },
      });
    });
  });
});
