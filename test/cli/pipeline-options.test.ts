import { findPipeline } from '../../cli/pipeline-options';
import {
  type AwsAccount,
  BUCKET,
  ROLE_ARN,
  STREAM_ARN,
  STREAM_NAME,
  startAwsAccount,
} from '../support/aws-account';

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

test('without a stack, stream and bucket are enough', async () => {
  expect(await findPipeline({ stream: STREAM_ARN, bucket: BUCKET })).toMatchObject({
    roleArn: undefined,
    logGroup: `/aws/vendedlogs/${STREAM_NAME}`,
  });
});

const refused: { title: string; values: Parameters<typeof findPipeline>[0]; message: RegExp }[] = [
  { title: 'nothing', values: {}, message: /which pipeline\? expected --stack NAME/ },
  { title: 'a stream alone', values: { stream: STREAM_ARN }, message: /--bucket NAME/ },
  {
    title: 'a stream that API Gateway does not accept',
    values: { stream: STREAM_ARN.replace('amazon-apigateway-', ''), bucket: BUCKET },
    message: /--stream: got .* expected arn:aws:firehose:.*amazon-apigateway-/,
  },
  {
    title: 'a stack of something else',
    values: { stack: 'Other' },
    message: /stack "Other" has no output StreamArn, it has: Url/,
  },
  {
    title: 'a stack that is not there',
    values: { stack: 'None' },
    message: /--stack: Stack with id None does not exist/,
  },
];

for (const { title, values, message } of refused) {
  test(`rejects ${title}`, async () => {
    await expect(findPipeline(values)).rejects.toThrow(message);
  });
}
