import { checkFormat } from '../../lambda/core/format/check/check';

export function findings(format: string, level: 'problem' | 'hint'): string[] {
  return checkFormat(format).findings.flatMap((one) => (one.level === level ? one.text : []));
}

/** A format without a finding. */
export const good =
  '{"requestId":"$context.requestId","extendedRequestId":"$context.extendedRequestId",' +
  '"apiId":"$context.apiId","stage":"$context.stage","key_id":"$context.identity.apiKeyId",' +
  '"status":"$context.status"}';

/** The good one with something else in place of a part of it. */
export function instead(part: string, other: string): string {
  expect(good).toContain(part);
  return good.replace(part, other);
}
