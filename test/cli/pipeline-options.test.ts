import { findPipeline } from '../../cli/pipeline-options';
import {
  type AwsAccount,
  BUCKET,
  ROLE_ARN,
  STREAM_ARN,
  STREAM_NAME,
  startAwsAccount,
} from '../support/aws-account';

function stream(logicalId: string, physicalId: string) {
  return { logicalId, type: 'AWS::KinesisFirehose::DeliveryStream', physicalId };
}

let account: AwsAccount;

beforeAll(async () => {
  account = await startAwsAccount({
    stacks: {
      Logs: {
        StreamArn: STREAM_ARN,
        BucketName: BUCKET,
        SubscriptionRoleArn: ROLE_ARN,
        LogGroupName: '/stack/group',
      },
      Other: { Url: 'https://example.com' },
      Two: {},
    },
    resources: {
      Api: [
        { logicalId: 'Fn', type: 'AWS::Lambda::Function', physicalId: 'fn' },
        { logicalId: 'Nested', type: 'AWS::CloudFormation::Stack', physicalId: 'ApiNested' },
        { logicalId: 'Bucket', type: 'AWS::S3::Bucket', physicalId: 'somebody-elses' },
      ],
      ApiNested: [
        stream('AccessLogs', STREAM_NAME),
        stream('Orders', 'orders'),
        {
          logicalId: 'AccessLogsSubscriptionRole1234',
          type: 'AWS::IAM::Role',
          physicalId: 'Api-AccessLogsSubscriptionRole-X',
        },
      ],
      Two: [stream('A', STREAM_NAME), stream('B', `${STREAM_NAME}-2`)],
    },
  });
});

afterAll(() => account.close());

test('a stack tells everything', async () => {
  expect(await findPipeline({ stack: 'Logs' })).toEqual({
    streamArn: STREAM_ARN,
    streamName: STREAM_NAME,
    region: 'eu-west-1',
    bucket: BUCKET,
    roleArn: ROLE_ARN,
    logGroup: '/stack/group',
  });
});

test('what is given goes before what the stack says', async () => {
  const given = { stack: 'Logs', bucket: 'other', role: 'arn:role', 'log-group': '/other' };

  expect(await findPipeline(given)).toMatchObject({
    bucket: 'other',
    roleArn: 'arn:role',
    logGroup: '/other',
  });
});

test('a construct in any stack, nested ones too, is found by its resources', async () => {
  expect(await findPipeline({ stack: 'Api' })).toEqual({
    streamArn: STREAM_ARN,
    streamName: STREAM_NAME,
    region: 'eu-west-1',
    bucket: BUCKET,
    roleArn: 'arn:aws:iam::123456789012:role/Api-AccessLogsSubscriptionRole-X',
    logGroup: `/aws/vendedlogs/${STREAM_NAME}`,
  });
});

test('a stream alone tells its bucket', async () => {
  expect(await findPipeline({ stream: STREAM_ARN })).toMatchObject({ bucket: BUCKET });
});

test('of two pipelines in a stack, the stream says which', async () => {
  expect(await findPipeline({ stack: 'Two', stream: STREAM_ARN })).toMatchObject({
    streamName: STREAM_NAME,
    bucket: BUCKET,
  });
});

test('without a stack, stream and bucket are enough', async () => {
  expect(await findPipeline({ stream: STREAM_ARN, bucket: BUCKET })).toMatchObject({
    roleArn: undefined,
    logGroup: `/aws/vendedlogs/${STREAM_NAME}`,
  });
});

const refused: { title: string; values: Parameters<typeof findPipeline>[0]; message: RegExp }[] = [
  { title: 'nothing', values: {}, message: /which pipeline\? expected --stack NAME/ },
  {
    title: 'a stream that is not there',
    values: { stream: `${STREAM_ARN}-3` },
    message: /there is no stream amazon-apigateway-access-logs-3 in Region eu-west-1/,
  },
  {
    title: 'a stack of two pipelines',
    values: { stack: 'Two' },
    message: /stack "Two" has the streams .*-2: expected --stream ARN of one/,
  },
  {
    title: 'a stream that API Gateway does not accept',
    values: { stream: STREAM_ARN.replace('amazon-apigateway-', ''), bucket: BUCKET },
    message: /--stream: got .* expected arn:aws:firehose:.*amazon-apigateway-/,
  },
  {
    title: 'a stack of something else',
    values: { stack: 'Other' },
    message:
      /stack "Other" has no stream amazon-apigateway-… .*\(its outputs: Url\): expected .*--stream ARN/,
  },
  {
    title: 'a stack that is not there',
    values: { stack: 'None' },
    message: /--stack None, in Region eu-west-1: Stack with id None does not exist/,
  },
];

for (const { title, values, message } of refused) {
  test(`rejects ${title}`, async () => {
    await expect(findPipeline(values)).rejects.toThrow(message);
  });
}
