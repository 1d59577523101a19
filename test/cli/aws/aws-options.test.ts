import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useAwsOptions } from '../../../cli/aws/aws-options';
import { explainError } from '../../../cli/aws/explain-error';
import { UsageError } from '../../../cli/usage-error';
import { recordedTerminal } from '../../support/recorded-terminal';

const before = { ...process.env };
const folder = mkdtempSync(join(tmpdir(), 'aws-'));
const config = join(folder, 'config');
const credentials = join(folder, 'credentials');
writeFileSync(config, '[default]\nregion = eu-west-1\n[profile ops]\nregion = eu-west-1\n');
writeFileSync(credentials, '[ keys ]\naws_access_key_id = A\n');

beforeEach(() => {
  for (const name of Object.keys(process.env))
    if (name.startsWith('AWS_')) delete process.env[name];
  process.env['AWS_CONFIG_FILE'] = config;
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = credentials;
});

afterAll(() => {
  for (const name of Object.keys(process.env))
    if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, before);
  rmSync(folder, { recursive: true });
});

const regionOf = (environment: Record<string, string>, region?: string) => {
  Object.assign(process.env, environment);
  useAwsOptions({ region }, recordedTerminal());
  return process.env['AWS_REGION'];
};

test('the Region is the one given, then AWS_REGION, then AWS_DEFAULT_REGION', () => {
  const both = { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-west-2' };

  expect(regionOf(both, 'eu-north-1')).toBe('eu-north-1');
  expect(regionOf(both)).toBe('eu-west-1');
  expect(regionOf({ AWS_REGION: '', AWS_DEFAULT_REGION: 'us-west-2' })).toBe('us-west-2');
});

test('without any, it is left to the profile', () => {
  expect(regionOf({})).toBeUndefined();
});

test('a profile that is given goes before keys in the environment', () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'S' });

  useAwsOptions({ profile: 'ops' }, recordedTerminal());

  expect(process.env['AWS_PROFILE']).toBe('ops');
  expect(process.env['AWS_ACCESS_KEY_ID']).toBeUndefined();
});

test('a profile that no file has is told before anything else', () => {
  const message = `no profile "staging" in ${config} or ${credentials}`;

  for (const profile of ['default', 'ops', 'keys']) useAwsOptions({ profile }, recordedTerminal());
  expect(() => useAwsOptions({ profile: 'staging' }, recordedTerminal())).toThrow(
    new UsageError(message),
  );
  process.env['AWS_PROFILE'] = 'staging';
  expect(explainError(new Error('Region is missing'))).toEqual(new UsageError(message));
  process.env['AWS_PROFILE'] = 'ops';
  expect(explainError(new Error('Region is missing'))?.message).toMatch(/^which Region\?/);
});

test('of a host that is not found, the Region may be at fault', () => {
  const error = Object.assign(new Error('getaddrinfo ENOTFOUND sts.nowhere.amazonaws.com'), {
    code: 'ENOTFOUND',
    hostname: 'sts.nowhere.amazonaws.com',
  });

  expect(explainError(error)?.message).toBe(
    'no such Region or no network: could not find sts.nowhere.amazonaws.com',
  );
  expect(explainError(error)).not.toBeInstanceOf(UsageError);
});
