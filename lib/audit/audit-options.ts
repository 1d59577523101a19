import { Token } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { AccountTrailOptions } from '../catalog/account-trail';
import { checked } from '../props/checked';

/** A trail that is there already, of this account or of its organisation. */
export interface ExistingTrail {
  /**
   * The bucket of its files. One of another account has to let this account's role read.
   *
   * Give it with its `encryptionKey`, where the files are encrypted with a customer's.
   */
  readonly bucket: IBucket;

  /**
   * The folder of its files: the trail's own prefix, or any folder down to that of a Region, such as
   * `AWSLogs/123456789012/CloudTrail/eu-west-1/`. All that is below is read every day.
   *
   * @default 'AWSLogs/'
   */
  readonly prefix?: string;
}

export interface AuditOptions extends AccountTrailOptions {
  /**
   * A trail that is there already, which an audit reads instead of making one.
   *
   * It is read only, and only with `analytics`. What it records, and for how long, is for its owner to decide;
   * `auditReads`: it has reads. Needs `audit`.
   *
   * @default - a trail is made
   */
  readonly auditTrail?: ExistingTrail;

  /**
   * ARNs of roles whose calls set off no alarm: a deployment's, or that of what bills by the keys.
   *
   * The roles of the pipeline's own functions are among them. Needs `audit`.
   *
   * @default - the pipeline's own
   */
  readonly auditTrustedRoles?: readonly string[];
}

/** Rejects options that contradict each other. */
export function checkAudit(options: AuditOptions & { readonly createTrail?: boolean }): void {
  const { audit, auditReads, auditRetention, auditTrail, auditTrustedRoles, createTrail } = options;
  const retention = auditRetention && `${auditRetention.toDays()} days`;
  if (!audit) {
    if (auditReads) refuse('auditReads', 'true', 'false without audit');
    if (retention) refuse('auditRetention', retention, 'none without audit');
    if (auditTrail) refuse('auditTrail', 'a trail', 'none without audit');
    if (auditTrustedRoles)
      refuse('auditTrustedRoles', `${auditTrustedRoles}`, 'none without audit');
    return;
  }
  if (auditTrail) {
    if (createTrail) refuse('createTrail', 'true', 'false with auditTrail: there is a trail');
    if (retention) refuse('auditRetention', retention, 'none with auditTrail: its owner keeps it');
    checked('auditTrail.prefix', auditTrail.prefix ?? DEFAULT_TRAIL_PREFIX, parseTrailPrefix);
  }
  for (const arn of auditTrustedRoles ?? []) checked('auditTrustedRoles', arn, parseRoleArn);
}

export const DEFAULT_TRAIL_PREFIX = 'AWSLogs/';

/** Folders of a bucket. */
export function parseTrailPrefix(text: string): string {
  if (!Token.isUnresolved(text) && !/^([^/*?$"]+\/)+$/.test(text)) {
    throw new Error('folders with a / at the end of each, such as AWSLogs/');
  }
  return text;
}

export function parseRoleArn(text: string): string {
  if (!Token.isUnresolved(text) && !/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/.test(text)) {
    throw new Error('the ARN of a role, such as arn:aws:iam::111122223333:role/deploy');
  }
  return text;
}

function refuse(name: string, got: string, expected: string): never {
  throw new Error(`${name}: got ${got}, expected ${expected}`);
}
