import { useAwsOptions } from '../../../cli/aws/aws-options';
import { recordedTerminal } from '../../support/recorded-terminal';

const before = { ...process.env };

beforeEach(() => {
  for (const name of Object.keys(process.env))
    if (name.startsWith('AWS_')) delete process.env[name];
});

afterAll(() => Object.assign(process.env, before));

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
