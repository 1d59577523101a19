import { accountAndRegion } from '../../../cli/aws/caller';
import { type AwsAccount, STREAM_ARN, startAwsAccount } from '../../support/aws-account';

let account: AwsAccount;

afterEach(() => account.close());

test('says which account and Region are worked on', async () => {
  account = await startAwsAccount();

  expect(await accountAndRegion(STREAM_ARN)).toBe('account 123456789012, Region eu-west-1');
});

test('rejects credentials of another account', async () => {
  account = await startAwsAccount({ caller: '210987654321' });

  await expect(accountAndRegion(STREAM_ARN)).rejects.toThrow(
    'the credentials are of account 210987654321, the pipeline is in account 123456789012',
  );
});
