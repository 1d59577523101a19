/** Says of the SDK's messages that help nobody what to do. */

import { UsageError } from '../usage-error';

const REGION =
  'which Region? expected --region NAME, AWS_REGION, AWS_DEFAULT_REGION, or a profile that names one';

const CREDENTIALS =
  'no AWS credentials: expected --profile NAME, AWS_PROFILE, AWS_ACCESS_KEY_ID and ' +
  'AWS_SECRET_ACCESS_KEY, or a login such as `aws sso login`';

/** A `UsageError` for what is missing, with what is expected; undefined for any other error. */
export function explainError(error: unknown): UsageError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  if (message === 'Region is missing') return new UsageError(REGION);
  if (message.startsWith('Could not load credentials from any providers')) {
    return new UsageError(CREDENTIALS);
  }
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return new UsageError(`no AWS credentials: ${message}`);
  }
  return undefined;
}
