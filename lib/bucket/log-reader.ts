import { Token } from 'aws-cdk-lib';
import { AccountPrincipal, ArnPrincipal, type PrincipalBase } from 'aws-cdk-lib/aws-iam';
import { checked } from '../props/checked';

/** Who may list and read delivered logs, and nothing else. */
export interface LogReader {
  /**
   * An account, by its 12-digit id, or a role or user, by its ARN.
   *
   * An account decides itself which of its principals read.
   */
  readonly principal: string;

  /**
   * The part of the delivered logs that this reader sees, such as `customer=acme/`.
   *
   * Folders, relative to the pipeline's `prefix`; without the `/` at its end `customer=acme` would be
   * `customer=acme2/`, too.
   *
   * @default - all delivered logs
   */
  readonly prefix?: string;
}

/** What bucket and key policies name; rejects wildcards. */
export function principalOf({ principal }: LogReader): PrincipalBase {
  if (Token.isUnresolved(principal)) return new ArnPrincipal(principal);
  checked('readers', principal, parsePrincipal);
  return isAccountId(principal) ? new AccountPrincipal(principal) : new ArnPrincipal(principal);
}

/** The prefix below which a reader reads. */
export function readPrefixOf({ prefix = '' }: LogReader, logsPrefix: string): string {
  if (!Token.isUnresolved(prefix)) checked('readers', prefix, parseReaderPrefix);
  return `${logsPrefix}${prefix}`;
}

/** Whether a reader is known to belong to the account; where the account is not known, none is. */
export function isOfAccount({ principal }: LogReader, account: string): boolean {
  if (Token.isUnresolved(account) || Token.isUnresolved(principal)) return false;
  return principal === account || principal.split(':')[4] === account;
}

export function parsePrincipal(text: string): string {
  const isArn = /^arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)\/[\w+=,.@/-]+)$/.test(text);
  if (!isAccountId(text) && !isArn) {
    throw new Error('a 12-digit account id, or the ARN of a role or user');
  }
  return text;
}

/** Neither an asterisk nor a question mark, which policies take for wildcards. */
function parseReaderPrefix(text: string): string {
  if (!/^([A-Za-z0-9_.=-]+\/)*$/.test(text)) {
    throw new Error('folders of letters, digits and _ . = -, each with a / at its end');
  }
  return text;
}

function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}
