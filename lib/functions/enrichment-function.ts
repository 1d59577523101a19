import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { PIPELINE_NAME_VARIABLE } from '../../lambda/core/metrics';
import { integerBetween } from '../../lambda/core/settings/setting-parsers';
import {
  type ConfigurableSettings,
  environmentOf,
  type FieldNamePreset,
  fieldNamePresets,
  type Settings,
} from '../../lambda/core/settings/settings';
import { acknowledge, acknowledgeInlinePolicy, acknowledgeLogEncryption } from '../nag/acknowledge';
import { checked } from '../props/checked';
import { streamNameOf } from '../props/pipeline-name';
import { functionCode } from './function-code';
import { allowReadingUsagePlans } from './usage-plan-reader';

/** Firehose waits no longer for a transformation. */
export const FUNCTION_TIMEOUT = Duration.minutes(5);

/** In MB; what Lambda has to offer. */
export const parseMemorySize = integerBetween(128, 10_240);

/** How lines are enriched: the function's own settings, and what it runs on. */
export interface EnrichmentFunctionOptions extends Partial<ConfigurableSettings> {
  /**
   * Which names the two appended fields have.
   *
   * `usagePlanField` and `customerNameField` win over it.
   *
   * @default 'default' - `usage_plan` and `customer_name`
   */
  readonly fieldNames?: FieldNamePreset;

  /**
   * The function's memory in MB, and with it its share of a processor.
   *
   * Minimum: 128. Maximum: 10240.
   *
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * The processor that the function runs on.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;

  /**
   * How long the pipeline's own logs are kept, not those that it delivers.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}

export interface EnrichmentFunctionProps extends EnrichmentFunctionOptions {
  /**
   * The pipeline's name: the service in the function's logs, the dimension of its metrics, and what
   * names the stream to it.
   *
   * 1 to 46 letters, digits and hyphens.
   */
  readonly name: string;
}

/** The transformation that adds usage plan and customer, with what it may do and nothing more. */
export class EnrichmentFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: EnrichmentFunctionProps) {
    super(scope, id);
    const { memorySize = 512 } = props;
    checked('memorySize', memorySize, parseMemorySize);
    const settings = settingsOf(props);

    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    // Its own role: the managed policy for basic execution may write and create every log group.
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    allowReadingUsagePlans(role, settings);
    allowPuttingBack(role, streamNameOf(props.name));

    this.function = new LambdaFunction(this, 'Function', {
      description: `Adds usage plan and customer to access logs (${props.name})`,
      code: functionCode('enrich'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: props.architecture ?? Architecture.ARM_64,
      memorySize,
      timeout: FUNCTION_TIMEOUT,
      environment: {
        ...environmentOf(settings),
        [PIPELINE_NAME_VARIABLE]: props.name,
      },
      role,
      logGroup,
      // Its logs and metrics are JSON already, one object a line: passed on as they are written.
      loggingFormat: LoggingFormat.TEXT,
    });
    acknowledgeFunction(this.function);
    acknowledgeInlinePolicy(role);
    acknowledgeLogEncryption(logGroup, 'The function logs counts and causes, no payload.');
  }
}

function acknowledgeFunction(enrichmentFunction: LambdaFunction): void {
  acknowledge(
    enrichmentFunction,
    'Firehose calls it and waits: what fails is called again, then kept whole under errors/.',
    ['NIST.800.53.R5-LambdaDLQ', 'Serverless-LambdaDLQ'],
  );
  acknowledge(
    enrichmentFunction,
    "Firehose bounds how many run at a time; a reservation would take from the account's share.",
    ['NIST.800.53.R5-LambdaConcurrency'],
  );
  acknowledge(
    enrichmentFunction,
    'It talks to API Gateway and Firehose only, both of which are public endpoints with TLS.',
    ['NIST.800.53.R5-LambdaInsideVPC'],
  );
  acknowledge(
    enrichmentFunction,
    'A batch is one call after another of the same two services, which its metrics time already.',
    ['Serverless-LambdaTracing'],
  );
}

/** The settings that options stand for, the preset of field names applied. */
export function settingsOf(options: EnrichmentFunctionOptions): Partial<Settings> {
  const preset = fieldNamePresets[options.fieldNames ?? 'default'];
  return {
    ...options,
    usagePlanField: options.usagePlanField ?? preset.usagePlanField,
    customerNameField: options.customerNameField ?? preset.customerNameField,
  };
}

/** What does not fit into a response goes back into the stream that it came from. */
function allowPuttingBack(role: Role, streamName: string): void {
  role.addToPolicy(
    new PolicyStatement({
      sid: 'Reingest',
      actions: ['firehose:PutRecordBatch'],
      // By name: the stream itself refers to the function, and two cannot be created before each
      // other.
      resources: [
        `arn:${Aws.PARTITION}:firehose:${Aws.REGION}:${Aws.ACCOUNT_ID}:deliverystream/${streamName}`,
      ],
    }),
  );
}
