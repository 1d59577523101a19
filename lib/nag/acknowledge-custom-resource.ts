import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { acknowledge, acknowledgeInlinePolicy } from './acknowledge';

/** The CDK's one function for all `AwsCustomResource`s of a stack; its id is part of the CDK. */
const PROVIDER_ID = 'AWS679f53fac002430cb0da5b7982bd2287';

const reason =
  "The CDK's own function for API calls at deployment: it runs for seconds when a stage is attached " +
  'or detached; its code, runtime and role are for the CDK to set.';

/** Tells cdk-nag why a custom resource and the function behind it are as they are. */
export function acknowledgeCustomResource(scope: IConstruct): void {
  acknowledgeInlinePolicy(scope);
  acknowledge(Stack.of(scope).node.findChild(PROVIDER_ID), reason, [
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    'AwsSolutions-L1',
    'NIST.800.53.R5-CloudWatchLogGroupEncrypted',
    'NIST.800.53.R5-IAMNoInlinePolicy',
    'NIST.800.53.R5-LambdaConcurrency',
    'NIST.800.53.R5-LambdaDLQ',
    'NIST.800.53.R5-LambdaInsideVPC',
    'Serverless-LambdaDefaultMemorySize',
    'Serverless-LambdaDLQ',
    'Serverless-LambdaLatestVersion',
    'Serverless-LambdaTracing',
  ]);
}
