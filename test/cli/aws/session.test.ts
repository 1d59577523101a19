import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { clientConfig, startSession } from '../../../cli/aws/session';
import { recordedTerminal } from '../../support/recorded-terminal';
import { type StsServer, startSts } from '../../support/sts-server';

let sts: StsServer;
const before = { ...process.env };

beforeAll(async () => {
  sts = await startSts('123456789012');
  const file = join(mkdtempSync(join(tmpdir(), 'aws-')), 'config');
  writeFileSync(
    file,
    `[profile base]
aws_access_key_id = A
aws_secret_access_key = S
[profile ops]
role_arn = arn:aws:iam::123456789012:role/ops
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/me
region = eu-west-1
`,
  );
  for (const name of Object.keys(process.env))
    if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    AWS_CONFIG_FILE: file,
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_PROFILE: 'ops',
    AWS_ENDPOINT_URL_STS: sts.url,
  });
});

beforeEach(() => sts.codes.splice(0));

afterAll(async () => {
  for (const name of Object.keys(process.env))
    if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, before);
  await sts.close();
});

async function call(): Promise<string | undefined> {
  const client = new STSClient(clientConfig());
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Account;
  } finally {
    client.destroy();
  }
}

test('a profile with MFA is asked for its code once, however many clients there are', async () => {
  const asked: string[] = [];
  startSession({
    ...recordedTerminal(),
    ask: async (question) => {
      asked.push(question);
      return '123456';
    },
  });

  expect([await call(), await call()]).toEqual(['123456789012', '123456789012']);
  expect(asked).toEqual(['MFA code of arn:aws:iam::123456789012:mfa/me: ']);
  expect(sts.codes).toEqual(['123456']);
});

test('without a terminal, one line says what is expected instead', async () => {
  startSession(recordedTerminal());

  await expect(call()).rejects.toThrow(
    /^the profile needs a code of arn:aws:iam::123456789012:mfa\/me, and there is no terminal/,
  );
});
