/**
 * Who called, from the ARN of an IAM principal:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */

export interface Principal {
  readonly accountId: string;
  /** The short name: a user's without its path, of an assumed role the session's. */
  readonly name?: string;
  readonly role?: string;
}

const principalArn = /^arn:[a-z-]+:(?:iam|sts)::(\d+):([^/]+)(?:\/(.+))?$/;

export function parsePrincipalArn(arn: string): Principal | undefined {
  const [, accountId, kind, path = ''] = principalArn.exec(arn) ?? [];
  if (accountId === undefined) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (kind === 'root') return { accountId, name: 'root' };
  if (name === '') return { accountId };
  if (kind === 'user' || kind === 'federated-user') return { accountId, name };
  if (kind === 'role') return { accountId, name, role: name };
  // Role names come without their path here, session names have no slash.
  if (kind === 'assumed-role') return { accountId, name, role: path.split('/')[0] as string };
  return { accountId };
}
