/** Replaces the SDK's unhelpful messages by what to do. */

import { UsageError } from '../usage-error';
import { missingProfile } from './profile';

const REGION =
  'which Region? expected --region NAME, AWS_REGION, AWS_DEFAULT_REGION, or a profile that names one';

const CREDENTIALS =
  'no AWS credentials: expected --profile NAME, AWS_PROFILE, AWS_ACCESS_KEY_ID and ' +
  'AWS_SECRET_ACCESS_KEY, or a login such as `aws sso login`';

/** In clearer words, a `UsageError` where something is missing; undefined for any other error. */
export function explainError(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const missing = missingIn(error);
  if (missing !== undefined) {
    const profile = process.env['AWS_PROFILE'];
    return new UsageError((profile ? missingProfile(profile) : undefined) ?? missing);
  }
  const { code, hostname } = error as NodeJS.ErrnoException & { readonly hostname?: string };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new Error(`no such Region or no network: could not find ${hostname ?? error.message}`);
  }
  return undefined;
}

/** What the SDK lacks, and what is expected. */
function missingIn({ name, message }: Error): string | undefined {
  if (message === 'Region is missing') return REGION;
  if (message.startsWith('Could not load credentials from any providers')) return CREDENTIALS;
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return `no AWS credentials: ${message}`;
  }
  return undefined;
}
