import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeInlinePolicy, acknowledgeLogEncryption } from '../nag/acknowledge';
import type { FunctionName } from './bundling';
import { functionCode } from './function-code';

export interface SmallFunctionProps {
  /** The folder of `lambda/` that it is made from. */
  readonly name: FunctionName;

  /** The description in the console. */
  readonly description: string;

  /** The reason for cdk-nag's suppressions: it runs seldom and no caller waits for it. */
  readonly reason: string;

  /** What it may do, beside writing its own log. */
  readonly policies: readonly PolicyStatement[];

  readonly timeout: Duration;

  /**
   * In MB.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * The name's beginning in the account, where something demands one.
   *
   * @default - a name that CloudFormation makes
   */
  readonly functionName?: string;

  /** @default - none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A function of this project that is no part of a record's way, with a role and a log of its own. */
export class SmallFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: SmallFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(this.role);
    for (const policy of props.policies) this.role.addToPolicy(policy);

    this.function = new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      description: props.description,
      code: functionCode(props.name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize ?? 256,
      timeout: props.timeout,
      environment: { ...props.environment },
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.TEXT,
    });
    acknowledgeInlinePolicy(this.role);
    acknowledgeLogEncryption(logGroup, 'It logs counts and causes, no names of customers.');
    acknowledge(this.function, props.reason, [
      'NIST.800.53.R5-LambdaConcurrency',
      'NIST.800.53.R5-LambdaDLQ',
      'NIST.800.53.R5-LambdaInsideVPC',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaTracing',
      'Serverless-LambdaDefaultMemorySize',
    ]);
  }
}
