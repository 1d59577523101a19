import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Pipeline } from '../../../cli/pipeline-options';
import { completeLogDelivery, findLogDelivery } from '../../../cli/stages/log-delivery';
import {
  type AwsAccount,
  BUCKET,
  ROLE_ARN,
  STREAM_ARN,
  STREAM_NAME,
  startAwsAccount,
} from '../../support/aws-account';

const pipeline: Pipeline = {
  streamArn: STREAM_ARN,
  streamName: STREAM_NAME,
  region: 'eu-west-1',
  bucket: BUCKET,
  roleArn: ROLE_ARN,
  logGroup: '/group',
};

let account: AwsAccount;
let logs: CloudWatchLogsClient;

beforeEach(async () => {
  account = await startAwsAccount();
  logs = new CloudWatchLogsClient({});
});

afterEach(async () => {
  logs.destroy();
  await account.close();
});

test('a log group of a longer name is another one', async () => {
  account.logs.groups.set('/group-of-others', { filters: [] });

  expect(await findLogDelivery(logs, pipeline)).toEqual({
    logGroup: '/group',
    logGroupArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:/group',
    hasLogGroup: false,
    isForwarded: false,
  });
});

test('a filter that passes on a part only does not count', async () => {
  const filter = { filterName: 'part', destinationArn: STREAM_ARN, roleArn: ROLE_ARN };
  const partial = { ...filter, filterPattern: 'ERROR' };
  account.logs.groups.set('/group', { filters: [partial] });

  expect(await findLogDelivery(logs, pipeline)).toMatchObject({
    hasLogGroup: true,
    isForwarded: false,
  });
});

test('what is complete is left as it is', async () => {
  const missing = await findLogDelivery(logs, pipeline);
  await completeLogDelivery(logs, missing, { pipeline, retentionInDays: 7 });

  const complete = await findLogDelivery(logs, pipeline);
  await completeLogDelivery(logs, complete, { pipeline, retentionInDays: 30 });

  expect(complete).toMatchObject({ hasLogGroup: true, isForwarded: true });
  expect(account.logs.groups.get('/group')).toMatchObject({ retentionInDays: 7 });
  expect(account.logs.groups.get('/group')?.filters).toHaveLength(1);
});

test('a log group that somebody else has just created is good enough', async () => {
  const missing = await findLogDelivery(logs, pipeline);
  account.logs.groups.set('/group', { filters: [] });

  await completeLogDelivery(logs, missing, { pipeline, retentionInDays: 7 });

  expect(account.logs.groups.get('/group')?.filters).toHaveLength(1);
});

describe("with a customer's key", () => {
  const keyArn = 'arn:aws:kms:eu-west-1:123456789012:key/k1';
  const options = { pipeline, retentionInDays: 7, keyArn };

  test('a new log group is encrypted with it', async () => {
    await completeLogDelivery(logs, await findLogDelivery(logs, pipeline), options);

    expect(account.logs.groups.get('/group')).toMatchObject({ kmsKeyId: keyArn });
  });

  test('that CloudWatch Logs may not use it says whose policy lacks what, and nothing is made', async () => {
    account.logs.deniedKeys.add(keyArn);

    await expect(
      completeLogDelivery(logs, await findLogDelivery(logs, pipeline), options),
    ).rejects.toThrow(/CloudWatch Logs may not use .*key\/k1.* logs\.REGION\.amazonaws\.com/);
    expect(account.logs.groups.size).toBe(0);
  });
});
