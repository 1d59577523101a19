import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The CDK's one function for all `AwsCustomResource`s of a stack; its id is part of the CDK. */
const PROVIDER_ID = 'AWS679f53fac002430cb0da5b7982bd2287';

const reason =
  "The CDK's own function for API calls at deployment: it runs for seconds when a stage is attached " +
  'or detached; its code, runtime and role are for the CDK to set.';

/** Tells cdk-nag why the function behind a custom resource is as it is. */
export function acknowledgeCustomResource(scope: IConstruct): void {
  const provider = Stack.of(scope).node.findChild(PROVIDER_ID);
  Validations.of(provider).acknowledge(
    ...[
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      'AwsSolutions-L1',
    ].map((id) => ({ id, reason })),
  );
}
