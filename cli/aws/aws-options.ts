/** Which account and Region a command works on, chosen as `aws` and `cdk` choose them. */

import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';
import { missingProfile } from './profile';
import { startSession } from './session';

export const awsOptions = {
  region: {
    type: 'string',
    value: 'NAME',
    description: "the AWS Region, instead of AWS_REGION's, AWS_DEFAULT_REGION's or the profile's",
  },
  profile: {
    type: 'string',
    value: 'NAME',
    description: "the profile of ~/.aws to use, instead of AWS_PROFILE's",
  },
} as const;

export interface AwsValues {
  readonly region?: unknown;
  readonly profile?: unknown;
}

/** Into the environment, where every client of the SDK looks first. */
export function useAwsOptions({ region, profile }: AwsValues, terminal: Terminal): void {
  const { env } = process;
  const chosen = region || env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  if (typeof chosen === 'string' && chosen !== '') env['AWS_REGION'] = chosen;
  // The SDK takes an empty one for the name of a Region.
  else delete env['AWS_REGION'];
  if (typeof profile === 'string') {
    // The SDK would look on, and might find credentials of another account.
    const missing = missingProfile(profile);
    if (missing !== undefined) throw new UsageError(missing);
    env['AWS_PROFILE'] = profile;
    // A profile that is named on the command line goes before keys that were exported once.
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
      delete env[name];
    }
  }
  startSession(terminal);
}
