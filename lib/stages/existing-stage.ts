import { Aws, CustomResource, Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { NOTES_FOLDER, noteKey } from '../../lambda/core/folders';
import type { ApiType } from '../../lambda/core/format/known/log-format';
import { functionCode } from '../functions/function-code';
import { acknowledge, acknowledgeInlinePolicy, acknowledgeLogEncryption } from '../nag/acknowledge';
import { acknowledgeWildcard } from '../nag/acknowledge-wildcard';
import { checked } from '../props/checked';

/**
 * A stage that another stack, tool or hand made.
 *
 * Deploying notes what the stage logs today and lets it log to the pipeline; nothing else of it is
 * changed. Taking it out of the code, or the stack out of the account, gives it back what it logged,
 * unless somebody has pointed it elsewhere since. `apigw-logs detach` does so too.
 */
export interface ExistingStage {
  /** The API's id, such as `a1b2c3d4e5`. */
  readonly apiId: string;

  /** The stage's name; an HTTP API's default stage is `$default`. */
  readonly stageName: string;

  /**
   * Names the constructs; required where `apiId` or `stageName` is known at deployment only.
   *
   * @default - `apiId` and `stageName`
   */
  readonly id?: string;
}

export interface ExistingStagesProps {
  /** The name of the pipeline's stream. */
  readonly streamName: string;

  /** Where it is noted what stages logged before, under `_attach/`. */
  readonly bucket: IBucket;
}

export interface ExistingStageLog {
  readonly apiType: ApiType;
  /** The ARN of the stream, or of a log group that is made for the stage. */
  readonly destinationOf: (scope: Construct) => string;
  /** The access log format. */
  readonly format: string;
}

/** IAM takes 10,240 characters of a role's policies; a stage's has no more than this many. */
const POLICY_CHARACTERS: { readonly [Type in ApiType]: number } = {
  REST: 330,
  HTTP: 450,
  WEBSOCKET: 450,
};
const MAX_POLICY_CHARACTERS = 9_600;

/** Attaches stages that exist already, with the function that does so at deployment. */
export class ExistingStages extends Construct {
  readonly #props: ExistingStagesProps;
  readonly #function: LambdaFunction;
  /** What changes the stages. */
  readonly role: Role;
  #logDelivery: Policy | undefined;
  #policyCharacters = 0;

  constructor(scope: Construct, id: string, props: ExistingStagesProps) {
    super(scope, id);
    this.#props = props;
    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledgeLogEncryption(logGroup, 'The function logs which stages it has changed.');
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(this.role);
    props.bucket.encryptionKey?.grant(this.role, 'kms:Decrypt', 'kms:GenerateDataKey');
    acknowledgeInlinePolicy(this);

    this.#function = new LambdaFunction(this, 'Function', {
      description: `Attaches existing stages at deployment (${props.streamName})`,
      code: functionCode('attach'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 256,
      // Throttled together with many others it takes its time.
      timeout: Duration.minutes(10),
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.TEXT,
    });
    acknowledgeFunction(this.#function);
  }

  /** Returns the name of a REST API, which is known at deployment. */
  attach(stage: ExistingStage, { apiType, destinationOf, format }: ExistingStageLog): string {
    const id = idOf(stage);
    if (this.node.tryFindChild(id)) throw attachedTwice(id);
    const scope = new Construct(this, id);
    const { streamName, bucket } = this.#props;
    const resource = new CustomResource(scope, 'AccessLog', {
      resourceType: 'Custom::ApiGatewayStageAccessLog',
      serviceToken: this.#function.functionArn,
      serviceTimeout: Duration.minutes(45),
      properties: {
        ApiId: stage.apiId,
        ApiType: apiType,
        StageName: stage.stageName,
        DestinationArn: destinationOf(scope),
        Format: format,
        Bucket: bucket.bucketName,
        StreamName: streamName,
      },
    });
    // Its own: the permission has to be there until the stage is given back, longer than the stage
    // stands in the template.
    resource.node.addDependency(this.role, this.#policyFor(scope, stage, apiType));
    if (apiType !== 'REST') resource.node.addDependency(this.#allowLogDelivery());
    return resource.getAttString('ApiName');
  }

  #policyFor(scope: Construct, { apiId, stageName }: ExistingStage, apiType: ApiType): Policy {
    this.#policyCharacters += POLICY_CHARACTERS[apiType];
    if (this.#policyCharacters > MAX_POLICY_CHARACTERS) {
      throw new Error(
        'stage: got more existing stages than one role can be allowed to change, expected at most ' +
          `${Math.floor(MAX_POLICY_CHARACTERS / POLICY_CHARACTERS[apiType])}: apigw-logs attach takes any number`,
      );
    }
    const isRest = apiType === 'REST';
    // Of HTTP and WebSocket APIs not the one stage: how IAM writes `$default` is not documented.
    const stages = isRest ? `/restapis/${apiId}/stages/${stageName}` : `/apis/${apiId}/stages/*`;
    const note = this.#props.bucket.arnForObjects(
      Token.isUnresolved(stageName) ? `${NOTES_FOLDER}${apiId}/*` : noteKey(apiId, stageName),
    );
    const policy = new Policy(scope, 'Policy', { roles: [this.role] });
    const allow = (actions: string[], ...resources: string[]) =>
      policy.addStatements(new PolicyStatement({ actions, resources }));
    allow(['apigateway:GET', 'apigateway:PATCH'], apiGatewayArn(stages));
    allow(['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], note);
    if (Token.isUnresolved(stageName)) {
      acknowledgeWildcard(
        scope,
        note,
        'The notes on the stages of one API, of which one is changed.',
      );
    }
    if (isRest) {
      allow(['apigateway:GET'], apiGatewayArn(`/restapis/${apiId}`));
    } else {
      const settings = apiGatewayArn(`${stages}/accesslogsettings`);
      allow(['apigateway:DELETE'], settings);
      for (const resource of [apiGatewayArn(stages), settings]) {
        acknowledgeWildcard(scope, resource, 'The stages of one API, of which one is changed.');
      }
    }
    return policy;
  }

  /**
   * API Gateway sets the delivery to log groups up with its caller's permissions, which know no
   * resources: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
   */
  #allowLogDelivery(): Policy {
    if (this.#logDelivery) return this.#logDelivery;
    this.#logDelivery = new Policy(this, 'LogDelivery', {
      roles: [this.role],
      statements: [
        new PolicyStatement({
          actions: [
            'logs:CreateLogDelivery',
            'logs:DeleteLogDelivery',
            'logs:DescribeLogGroups',
            'logs:DescribeResourcePolicies',
            'logs:GetLogDelivery',
            'logs:ListLogDeliveries',
            'logs:PutResourcePolicy',
            'logs:UpdateLogDelivery',
          ],
          resources: ['*'],
        }),
      ],
    });
    acknowledgeWildcard(
      this.#logDelivery,
      '*',
      'The permissions for log delivery cannot be limited further.',
    );
    return this.#logDelivery;
  }
}

/** The error for a stage that is attached twice: each stage logs to one place. */
export function attachedTwice(stage: string): Error {
  return new Error(`stage: got ${stage} twice, expected each stage once`);
}

function idOf({ apiId, stageName, id }: ExistingStage): string {
  if (!Token.isUnresolved(apiId)) checked('apiId', apiId, parseApiId);
  if (!Token.isUnresolved(stageName)) checked('stageName', stageName, parseStageName);
  const name = id ?? `${apiId}-${stageName}`;
  if (Token.isUnresolved(name)) {
    throw new Error(
      'id: got none, expected a name for a stage whose apiId or stageName is known at deployment only',
    );
  }
  return name;
}

/** What it names is part of a policy: no asterisk. AWS's have ten characters, an emulator's others. */
function parseApiId(text: string): string {
  if (!/^[\w-]{1,128}$/.test(text)) throw new Error('letters and digits, such as a1b2c3d4e5');
  return text;
}

function parseStageName(text: string): string {
  if (text !== '$default' && !/^[\w-]{1,128}$/.test(text)) {
    throw new Error('$default, or up to 128 letters, digits, _ and -');
  }
  return text;
}

function apiGatewayArn(path: string): string {
  return `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::${path}`;
}

function acknowledgeFunction(attacher: LambdaFunction): void {
  acknowledge(
    attacher,
    'CloudFormation calls it, waits for its answer, and tells of what failed.',
    ['NIST.800.53.R5-LambdaDLQ', 'Serverless-LambdaDLQ'],
  );
  acknowledge(attacher, 'It runs for seconds, when a stage is attached or given back.', [
    'NIST.800.53.R5-LambdaConcurrency',
    'Serverless-LambdaTracing',
  ]);
  acknowledge(attacher, 'It talks to API Gateway and S3 only, public endpoints with TLS.', [
    'NIST.800.53.R5-LambdaInsideVPC',
  ]);
}
