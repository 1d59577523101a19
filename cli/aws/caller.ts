/** The account that the credentials are for: it is named before anything in it is changed. */

import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { UsageError } from '../usage-error';
import { clientConfig } from './session';

/** The pipeline's account and Region, in words; rejects credentials of another account. */
export async function accountAndRegion(streamArn: string): Promise<string> {
  const [, , , region = '', owner = ''] = streamArn.split(':');
  const client = new STSClient(clientConfig(region));
  try {
    const { Account: account = owner } = await client.send(new GetCallerIdentityCommand({}));
    if (account === owner) return `account ${account}, Region ${region}`;
    throw new UsageError(
      `the credentials are of account ${account}, the pipeline is in account ${owner}`,
    );
  } finally {
    client.destroy();
  }
}
