/** What became of a request, told from its row as docs/analytics.md says it. */

import type { AccessRow } from '../../../support/access-table';

export function outcomeOf(row: AccessRow): string {
  const status = row['status'] as number | null | undefined;
  if (status === null || status === undefined || status < 400) return 'ok';
  const type = row['error_response_type'];
  const has = (name: string) => row[name] !== undefined && row[name] !== null;
  if (row['waf_response_code'] === 'WAF_BLOCK' || type === 'WAF_FILTERED') return 'waf';
  if (type === 'THROTTLED') return 'throttle';
  if (type === 'QUOTA_EXCEEDED') return 'quota';
  if (status === 429) return limitOf(row);
  const ofAuthorizer = ['authorizer_error', 'authorize_error', 'authenticate_error'].some(has);
  if (refusals.has(String(type)) || ofAuthorizer) return 'authorizer';
  if (String(type).startsWith('INTEGRATION_') || has('integration_error')) return 'integration';
  const reached = has('integration_status') || has('integration_latency');
  if (status >= 500) {
    if (has('error_response_type')) return 'gateway';
    return reached || status === 502 || status === 504 ? 'integration' : 'gateway';
  }
  return status === 401 && !reached ? 'authorizer' : 'caller';
}

function limitOf(row: AccessRow): string {
  if (row['integration_status'] === 429 || row['integration_service_status'] === 429) {
    return 'integration';
  }
  const message = row['error_message'];
  if (message === 'Too Many Requests') return 'throttle';
  return message === 'Limit Exceeded' ? 'quota' : 'limit';
}

const refusals = new Set([
  'UNAUTHORIZED',
  'ACCESS_DENIED',
  'AUTHORIZER_FAILURE',
  'AUTHORIZER_CONFIGURATION_ERROR',
  'EXPIRED_TOKEN',
  'INVALID_SIGNATURE',
]);

export function limitKindOf(row: AccessRow): string {
  const outcome = outcomeOf(row);
  return ['throttle', 'quota', 'integration'].includes(outcome) ? outcome : 'not told';
}

export function isAccepted(row: AccessRow): boolean {
  const outcome = outcomeOf(row);
  if (outcome === 'ok' || outcome === 'integration') return true;
  return outcome === 'caller' && (row['error_response_type'] ?? null) === null;
}
