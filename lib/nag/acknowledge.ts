import type { IConstruct } from 'constructs';
import { suppress } from './suppressions';

/** Explains to cdk-nag why a construct and what is below it do not do what these rules ask for. */
export function acknowledge(scope: IConstruct, reason: string, ruleIds: readonly string[]): void {
  suppress(
    scope,
    ruleIds.map((id) => ruleOf(id, reason)),
  );
}

/** For roles that serve one construct. */
export function acknowledgeInlinePolicy(scope: IConstruct): void {
  acknowledge(
    scope,
    'The permissions are those of one role for one purpose: a managed policy would have one user.',
    ['NIST.800.53.R5-IAMNoInlinePolicy'],
  );
}

/** For log groups without a key of the account's own. */
export function acknowledgeLogEncryption(scope: IConstruct, reason: string): void {
  acknowledge(scope, `${reason} CloudWatch Logs encrypts with its own keys.`, [
    'NIST.800.53.R5-CloudWatchLogGroupEncrypted',
  ]);
}

/** A rule, or one of its findings: `AwsSolutions-IAM4[Policy::…]`. */
function ruleOf(id: string, reason: string) {
  const [, rule = id, appliesTo] = /^([^[]+)\[(.+)\]$/.exec(id) ?? [];
  return { id: rule, reason, ...(appliesTo !== undefined && { appliesTo }) };
}
