import { Annotations, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { logFormat } from '../../lambda/core/format/known/log-format';
import { AccessLogPipeline, type AccessLogPipelineProps } from '../access-log-pipeline';
import { type ApiObservabilityProps, addApiObservability } from './api-observability';
import { type PipelineReferences, resolveReferences } from './pipeline-references';

export interface AccessLogsStackProps
  extends StackProps,
    AccessLogPipelineProps,
    ApiObservabilityProps,
    PipelineReferences {}

/** One pipeline, and what its operator needs next. */
export class AccessLogsStack extends Stack {
  readonly pipeline: AccessLogPipeline;

  constructor(scope: Construct, id: string, props: AccessLogsStackProps = {}) {
    super(scope, id, props);

    const resolved = { ...props, ...resolveReferences(this, props) };
    this.pipeline = new AccessLogPipeline(this, 'Pipeline', resolved);
    addApiObservability(this.pipeline, resolved);

    new CfnOutput(this, 'StreamArn', {
      description: 'The access log destination of a REST API stage',
      value: this.pipeline.stream.attrArn,
    });
    new CfnOutput(this, 'LogFormat', {
      description: 'The log format of a REST API stage',
      value: logFormat('REST'),
    });
    new CfnOutput(this, 'SubscriptionRoleArn', {
      description: 'The role of a subscription filter that leads a log group to the stream',
      value: this.pipeline.subscriptionRole.roleArn,
    });
    new CfnOutput(this, 'BucketName', {
      description: 'Where the logs arrive, under logs/',
      value: this.pipeline.bucket.bucketName,
    });
    const { analytics } = this.pipeline;
    if (analytics) {
      new CfnOutput(this, 'AnalyticsDatabase', {
        description: 'The database of the views access and requests',
        value: analytics.databaseName,
      });
      new CfnOutput(this, 'AnalyticsWorkgroup', {
        description: 'Where Athena runs queries over them',
        value: analytics.workgroup.name,
      });
      if (analytics.page !== undefined) {
        new CfnOutput(this, 'AnalyticsPage', {
          description: 'The page about the last closed days, for apigw-logs report --stack',
          value: analytics.page,
        });
      }
    }
    const trail = resolved.auditTrail ?? this.pipeline.accountTrail;
    if (resolved.audit && trail) {
      new CfnOutput(this, 'TrailBucketName', {
        description: 'Where the records of who changed what are, for apigw-logs audit',
        value: trail.bucket.bucketName,
      });
    }
    if (this.pipeline.changeWatch) {
      new CfnOutput(this, 'ChangeLogGroup', {
        description: 'What alarms about changes went off for',
        value: this.pipeline.changeWatch.logGroup.logGroupName,
      });
    }
    new CfnOutput(this, 'FunctionName', {
      description: 'The function that adds usage plan and customer',
      value: this.pipeline.enrichmentFunction.functionName,
    });
    new CfnOutput(this, 'FunctionLogGroup', {
      description: 'What that function logs: counts and causes',
      value: this.pipeline.enrichmentFunction.logGroup.logGroupName,
    });
    new CfnOutput(this, 'StreamLogGroup', {
      description: 'Why deliveries failed',
      value: this.pipeline.deliveryLogGroup.logGroupName,
    });
    const { sharedCatalog } = this.pipeline;
    if (sharedCatalog) {
      new CfnOutput(this, 'CrawlerLogGroup', {
        description: 'What the function that reads the usage plans logs',
        value: sharedCatalog.crawler.logGroup.logGroupName,
      });
      new CfnOutput(this, 'DeadLetterQueueUrl', {
        description: 'What that function failed at, three times',
        value: sharedCatalog.deadLetters.queueUrl,
      });
    }
    if (this.pipeline.alarms.length > 0 && !resolved.alarmActions) {
      Annotations.of(this).addInfoV2(
        'apigateway-access-logs:alarmsWithoutAction',
        'the alarms notify nobody: set alarmTopicArn to the ARN of an SNS topic',
      );
    }
  }
}
