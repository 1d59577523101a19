import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { templatesIn, wantedDetails } from '../../lambda/core/catalog/customer';
import type { Settings } from '../../lambda/core/settings/settings';
import { acknowledgeWildcard } from '../nag/acknowledge-wildcard';

/**
 * Allows a role to read what the settings need of the account: usage plans and their keys; the API
 * keys too where their tags or customer ids are delivered.
 */
export function allowReadingUsagePlans(role: Role, settings: Partial<Settings> = {}): void {
  // Pseudo parameters, not the stack's own Region: right in every partition, and one text to
  // acknowledge. API Gateway's ARNs carry no account.
  const account = `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::`;
  const plans = `${account}/usageplans`;
  const keysOfAnyPlan = `${plans}/*/keys`;
  const anyKeyOfAnyPlan = `${keysOfAnyPlan}/*`;

  role.addToPolicy(
    new PolicyStatement({
      sid: 'ReadUsagePlans',
      actions: ['apigateway:GET'],
      resources: [plans, keysOfAnyPlan, anyKeyOfAnyPlan],
    }),
  );
  const reason =
    'The keys of all usage plans are read: plans come and go without a deployment of this stack.';
  acknowledgeWildcard(role, keysOfAnyPlan, reason);
  acknowledgeWildcard(role, anyKeyOfAnyPlan, reason);

  if (wantedDetails(templatesIn(settings)).isListOfKeys) allowReadingApiKeys(role);
}

/** Allows a role to read the API keys, for their tags and customer ids. Once for each role. */
export function allowReadingApiKeys(role: Role): void {
  const account = `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::`;
  const keys = `${account}/apikeys`;
  const anyKey = `${keys}/*`;
  role.addToPolicy(
    new PolicyStatement({
      sid: 'ReadApiKeys',
      actions: ['apigateway:GET'],
      resources: [keys, anyKey],
    }),
  );
  acknowledgeWildcard(
    role,
    anyKey,
    'Tags and customer ids of all API keys are read: keys come and go without a deployment.',
  );
}
