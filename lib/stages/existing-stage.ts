import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  type AwsSdkCall,
  PhysicalResourceId,
} from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { acknowledgeCustomResource } from '../nag/acknowledge-custom-resource';
import { acknowledgeWildcard } from '../nag/acknowledge-wildcard';

/**
 * A stage that another stack, tool or hand made.
 *
 * Deploying replaces what the stage logs today, and removing it here ends the stage's logging: what
 * was there before is not kept. `apigw-logs attach` and `detach` keep it.
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

export interface ExistingStageLoggingProps {
  /** The stage to change. */
  readonly stage: ExistingStage;

  /** The ARN of the stream that it is to log to. */
  readonly destinationArn: string;

  /** The access log format. */
  readonly format: string;
}

/** Points an existing REST API stage to the stream. */
export class ExistingRestStageLogging extends Construct {
  constructor(scope: Construct, id: string, props: ExistingStageLoggingProps) {
    super(scope, id);
    const { apiId, stageName } = props.stage;
    const stageArn = apiGatewayArn(`/restapis/${apiId}/stages/${stageName}`);
    const patch = (patchOperations: object[], options: Partial<AwsSdkCall> = {}): AwsSdkCall => ({
      service: 'APIGateway',
      action: 'updateStage',
      parameters: { restApiId: apiId, stageName, patchOperations },
      physicalResourceId: PhysicalResourceId.of(`${apiId}/${stageName}`),
      ...options,
    });

    new AwsCustomResource(this, 'AccessLogSettings', {
      resourceType: 'Custom::RestStageAccessLogs',
      onUpdate: patch([
        {
          op: 'replace',
          path: '/accessLogSettings/destinationArn',
          value: props.destinationArn,
        },
        { op: 'replace', path: '/accessLogSettings/format', value: props.format },
      ]),
      onDelete: patch([{ op: 'remove', path: '/accessLogSettings' }], goneIsFine),
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['apigateway:PATCH'], resources: [stageArn] }),
      ]),
      installLatestAwsSdk: false,
    });
    acknowledgeCustomResource(this);
  }
}

export interface ExistingHttpStageLoggingProps
  extends Omit<ExistingStageLoggingProps, 'destinationArn'> {
  /** The log group that it is to log to. */
  readonly logGroup: ILogGroup;
}

/** Points an existing HTTP or WebSocket API stage to its log group. */
export class ExistingHttpStageLogging extends Construct {
  constructor(scope: Construct, id: string, props: ExistingHttpStageLoggingProps) {
    super(scope, id);
    const { apiId, stageName } = props.stage;
    // Not the one stage: how IAM writes `$default` is not documented.
    const stagesOfApi = apiGatewayArn(`/apis/${apiId}/stages/*`);
    const physicalResourceId = PhysicalResourceId.of(`${apiId}/${stageName}`);

    new AwsCustomResource(this, 'AccessLogSettings', {
      resourceType: 'Custom::HttpStageAccessLogs',
      onUpdate: {
        service: 'ApiGatewayV2',
        action: 'updateStage',
        parameters: {
          ApiId: apiId,
          StageName: stageName,
          AccessLogSettings: {
            DestinationArn: logGroupArnOf(props.logGroup),
            Format: props.format,
          },
        },
        physicalResourceId,
      },
      onDelete: {
        service: 'ApiGatewayV2',
        action: 'deleteAccessLogSettings',
        parameters: { ApiId: apiId, StageName: stageName },
        physicalResourceId,
        ...goneIsFine,
      },
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({
          actions: ['apigateway:PATCH', 'apigateway:DELETE'],
          resources: [stagesOfApi],
        }),
        // API Gateway sets the delivery up with its caller's permissions, which know no resources:
        // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
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
      ]),
      installLatestAwsSdk: false,
    });
    acknowledgeWildcard(this, stagesOfApi, 'The stages of one API, of which one is changed.');
    acknowledgeWildcard(this, '*', 'The permissions for log delivery cannot be limited further.');
    acknowledgeCustomResource(this);
  }
}

/** API Gateway wants it without the `:*` that CloudFormation's attribute ends with. */
export function logGroupArnOf({ logGroupName }: ILogGroup): string {
  return `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${logGroupName}`;
}

// A stage that is gone needs no more attention.
const goneIsFine = { ignoreErrorCodesMatching: 'NotFoundException' };

function apiGatewayArn(path: string): string {
  return `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::${path}`;
}
