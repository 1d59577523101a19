import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { suppress } from './suppressions';

/**
 * Explains to cdk-nag why a policy below a scope names a resource with a wildcard. Its finding carries the
 * resource's text as the template has it, with the references in angle brackets.
 */
export function acknowledgeWildcard(scope: IConstruct, resource: string, reason: string): void {
  const text = flatten(Stack.of(scope).resolve(resource));
  suppress(scope, [{ id: 'AwsSolutions-IAM5', reason, appliesTo: `Resource::${text}` }]);
}

interface Intrinsic {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly [string, string];
  readonly 'Fn::Join'?: readonly [string, readonly (string | Intrinsic)[]];
}

function flatten(value: string | Intrinsic): string {
  if (typeof value === 'string') return value;
  if (value.Ref) return `<${value.Ref}>`;
  if (value['Fn::GetAtt']) return `<${value['Fn::GetAtt'].join('.')}>`;
  const [delimiter, parts] = value['Fn::Join'] ?? ['', []];
  return parts.map(flatten).join(delimiter);
}
