/** Why the usage plans could not be loaded, in words that show an operator where to look. */

import { accountLimits } from './account-limits';

const causes = {
  denied:
    'denied: the function may not apigateway:GET /usageplans and /usageplans/*/keys in this Region',
  noCredentials: 'there are no AWS credentials',
  throttled: `throttled: the account is over the control plane limit of ${accountLimits.ratePerSecond} requests a second`,
  timedOut: 'took too long',
  unreachable: 'API Gateway is unreachable',
  failed: 'failed',
} as const;

export type CatalogLoadCause = keyof typeof causes;

export class CatalogLoadError extends Error {
  /** Bounded: fit for a metric or an alarm. */
  readonly reason: CatalogLoadCause;

  constructor(reason: CatalogLoadCause, cause: unknown) {
    const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
    super(`cannot load the usage plans: ${causes[reason]} (${name}: ${message})`, { cause });
    this.name = 'CatalogLoadError';
    this.reason = reason;
  }
}

export function catalogLoadError(error: unknown, deadline: AbortSignal): CatalogLoadError {
  return new CatalogLoadError(deadline.aborted ? 'timedOut' : reasonOf(error), error);
}

interface ServiceError {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const connectionFaults =
  /^(ECONN\w*|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|TimeoutError)$/;

function reasonOf(error: unknown): CatalogLoadCause {
  const { name = '', code = '', $metadata } = (error ?? {}) as ServiceError;
  const status = $metadata?.httpStatusCode;
  if (status === 429 || /throttl|TooManyRequests/i.test(name)) return 'throttled';
  if (status === 401 || status === 403) return 'denied';
  if (/CredentialsProvider|NoCredentials/.test(name)) return 'noCredentials';
  if (connectionFaults.test(code) || connectionFaults.test(name)) return 'unreachable';
  return 'failed';
}
