import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { METRIC_NAMESPACE } from '../../../lambda/core/metrics';
import {
  type AlarmId,
  alarmIds,
  alarmSlug,
  type Watched,
} from '../../../lib/observability/alarm-table';
import {
  alarmsOf,
  PipelineAlarms,
  type PipelineAlarmsOptions,
} from '../../../lib/observability/alarms';
import { PipelineMetrics } from '../../../lib/observability/metrics';
import { restRequests } from '../../../lib/stages/stage-requests';
import { testApp } from '../../support/cdk-app';

const everything: Watched = {
  bufferSeconds: 300,
  catalogTtlSeconds: 300,
  functionTimeoutSeconds: 300,
  minimumKeyedLines: 100,
  hasHttpEndpoint: false,
  hasSourceBackup: true,
  hasCustomerKey: true,
  isPartitioned: true,
  hasSharedCatalog: true,
  hasOwnBucket: true,
  requests: [restRequests('orders', 'prod')],
  changes: {
    hasReads: true,
    errors: new Metric({ namespace: 'AWS/Lambda', metricName: 'Errors' }),
  },
};

function synthesize(
  options: PipelineAlarmsOptions = {},
  watched: Partial<Watched> = {},
  destination: 'S3' | 'HttpEndpoint' = 'S3',
): Template {
  const stack = new Stack(testApp(), 'Stack');
  new PipelineAlarms(stack, 'Alarms', {
    ...options,
    name: 'orders',
    metrics: new PipelineMetrics({
      name: 'orders',
      streamName: 'amazon-apigateway-orders',
      bucket: Bucket.fromBucketName(stack, 'Bucket', 'the-logs'),
      enrichmentFunction: LambdaFunction.fromFunctionName(stack, 'Function', 'enrich'),
      destination,
    }),
    watched: { ...everything, ...watched },
  });
  return Template.fromStack(stack);
}

interface AlarmProperties {
  readonly AlarmName: string;
  readonly Metrics?: { readonly Expression?: string; readonly Label?: string }[];
}

function alarmsIn(template: Template): Map<string, AlarmProperties> {
  return new Map(
    Object.values(template.findResources('AWS::CloudWatch::Alarm')).map((resource) => [
      resource['Properties'].AlarmName.replace(/^orders-/, ''),
      resource['Properties'],
    ]),
  );
}

describe('PipelineAlarms', () => {
  const template = synthesize();
  const alarms = alarmsIn(template);

  test('has an alarm for every row of the table', () => {
    expect([...alarms.keys()].sort()).toEqual(alarmIds.map(alarmSlug).sort());
  });

  for (const id of alarmIds) {
    test(`leads from ${id} to its chapter of the runbook`, () => {
      expect(alarms.get(alarmSlug(id))).toMatchObject({
        AlarmDescription: expect.stringMatching(
          new RegExp(`^[A-Z].*\\. https://.*/docs/runbook\\.md#${alarmSlug(id)}$`),
        ),
      });
    });
  }

  const watches: { id: AlarmId; properties: object }[] = [
    {
      id: 'deliveryLate',
      properties: {
        Namespace: 'AWS/Firehose',
        MetricName: 'DeliveryToS3.DataFreshness',
        Dimensions: [{ Name: 'DeliveryStreamName', Value: 'amazon-apigateway-orders' }],
        Statistic: 'Maximum',
        Threshold: 900,
        ComparisonOperator: 'GreaterThanThreshold',
      },
    },
    {
      id: 'processingFailing',
      properties: {
        MetricName: 'ExecuteProcessing.Success',
        Statistic: 'Average',
        Threshold: 0.95,
        ComparisonOperator: 'LessThanThreshold',
        DatapointsToAlarm: 2,
        EvaluationPeriods: 3,
      },
    },
    {
      id: 'functionSlow',
      properties: { Namespace: 'AWS/Lambda', MetricName: 'Duration', Threshold: 240_000 },
    },
    {
      id: 'recordsFailed',
      properties: {
        Namespace: METRIC_NAMESPACE,
        MetricName: 'RecordsFailed',
        Dimensions: [{ Name: 'service', Value: 'orders' }],
        Threshold: 0,
      },
    },
    { id: 'catalogOld', properties: { Threshold: 3600 } },
    { id: 'backupFailing', properties: { MetricName: 'BackupToS3.Success' } },
  ];
  for (const { id, properties } of watches) {
    test(`watches ${JSON.stringify(properties).slice(1, 60)}… for ${id}`, () => {
      expect(alarms.get(alarmSlug(id))).toMatchObject(properties);
    });
  }

  const expressions: { id: AlarmId; expression: string }[] = [
    { id: 'errorsStored', expression: 'FILL(put, 0) + FILL(post, 0)' },
    {
      id: 'deliveryStalled',
      expression: 'IF(FILL(received, 0) > 0 AND FILL(delivered, 0) == 0, 1, 0)',
    },
    {
      id: 'nothingArrives',
      expression: 'IF(FILL(requests0, 0) >= 10 AND FILL(received, 0) == 0, 1, 0)',
    },
    {
      id: 'subscriptionFailing',
      expression:
        'SELECT SUM(DeliveryErrors) FROM "AWS/Logs" ' +
        "WHERE FilterName = 'amazon-apigateway-orders'",
    },
    {
      id: 'unknownKeys',
      expression:
        'IF((FILL(enriched, 0) + FILL(unplanned, 0) + FILL(unknown, 0)) >= 100, ' +
        '100 * unknown / ((FILL(enriched, 0) + FILL(unplanned, 0) + FILL(unknown, 0))), 0)',
    },
  ];
  for (const { id, expression } of expressions) {
    test(`computes for ${id}: ${expression.slice(0, 50)}…`, () => {
      const { Metrics = [] } = alarms.get(alarmSlug(id)) ?? {};

      expect(Metrics.map((metric) => metric.Expression)).toContain(expression);
    });
  }

  test('takes silence for health', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      TreatMissingData: 'notBreaching',
    });
  });

  test('watches the endpoint where that is the destination', () => {
    const late = alarmsIn(synthesize({}, { hasHttpEndpoint: true }, 'HttpEndpoint'));

    expect(late.get('delivery-late')).toMatchObject({
      MetricName: 'DeliveryToHttpEndpoint.DataFreshness',
    });
    // Firehose has no metrics of backups there: what is kept in the bucket is delivered to S3.
    expect(late.get('backup-failing')).toMatchObject({ MetricName: 'DeliveryToS3.Success' });
  });

  test('waits longer for a longer buffer and an older catalog', () => {
    const patient = alarmsIn(synthesize({}, { bufferSeconds: 900, catalogTtlSeconds: 7200 }));

    expect(patient.get('delivery-late')).toMatchObject({ Threshold: 1500 });
    expect(patient.get('catalog-old')).toMatchObject({ Threshold: 14_400 });
  });

  const conditional: { id: AlarmId; without: Partial<Watched> }[] = [
    { id: 'backupFailing', without: { hasSourceBackup: false } },
    { id: 'encryptionFailing', without: { hasCustomerKey: false } },
    { id: 'partitionsExceeded', without: { isPartitioned: false } },
    { id: 'crawlFailing', without: { hasSharedCatalog: false } },
    { id: 'nothingArrives', without: { requests: [] } },
    { id: 'errorsStored', without: { hasOwnBucket: false } },
  ];
  for (const { id, without } of conditional) {
    test(`has no ${id} with ${JSON.stringify(without)}`, () => {
      expect(alarmsIn(synthesize({}, without)).has(alarmSlug(id))).toBe(false);
    });
  }

  test('watches changes of the account only where they are looked at, and reads where a trail has them', () => {
    const changes = ['key-values-read', 'limit-raised', 'changes-unwatched'];
    const errors = new Metric({ namespace: 'AWS/Lambda', metricName: 'Errors' });
    const having = (watched: Partial<Watched>) => {
      const found = alarmsIn(synthesize({}, watched));
      return changes.filter((name) => found.has(name));
    };

    expect(having({ changes: undefined })).toEqual([]);
    expect(having({ changes: { hasReads: false, errors } })).toEqual(changes.slice(1));
    expect(having({ changes: { hasReads: true, errors } })).toEqual(changes);
  });

  test('takes other thresholds, and leaves out what it is told to', () => {
    const tuned = alarmsIn(synthesize({ alarms: { unknownKeys: 20, functionSlow: false } }));

    expect(tuned.get('unknown-keys')).toMatchObject({ Threshold: 20 });
    expect(tuned.has('function-slow')).toBe(false);
    expect(tuned.size).toBe(alarms.size - 1);
  });

  test('has none at all if told so', () => {
    expect(alarmsOf(everything, false)).toEqual([]);
  });

  test('watches up to nine attached stages for requests that nothing comes of', () => {
    const stack = new Stack(testApp(), 'Stack');
    const pipelineAlarms = new PipelineAlarms(stack, 'Alarms', {
      name: 'orders',
      metrics: new PipelineMetrics({
        name: 'orders',
        streamName: 'amazon-apigateway-orders',
        bucket: Bucket.fromBucketName(stack, 'Bucket', 'the-logs'),
        enrichmentFunction: LambdaFunction.fromFunctionName(stack, 'Function', 'enrich'),
        destination: 'S3',
      }),
      watched: { ...everything, requests: [] },
    });
    const before = pipelineAlarms.alarms.length;
    for (let api = 0; api < 12; api++) {
      pipelineAlarms.watchRequests(restRequests(`api-${api}`, 'prod'));
    }

    expect(pipelineAlarms.alarms).toHaveLength(before + 1);
    const { Metrics = [] } =
      alarmsIn(Template.fromStack(stack)).get(alarmSlug('nothingArrives')) ?? {};
    // CloudWatch takes ten, and the expression beside them.
    expect(Metrics).toHaveLength(11);
  });

  test('tells whom it is told to, of trouble and of its end', () => {
    const stack = new Stack(testApp());
    const topic = Topic.fromTopicArn(stack, 'T', 'arn:aws:sns:eu-west-1:111122223333:pager');
    const notified = synthesize({ alarmActions: [new SnsAction(topic)] });

    notified.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [topic.topicArn],
      OKActions: [topic.topicArn],
    });
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.absent() });
  });

  test('finds the runbook where it is told that it is', () => {
    const moved = alarmsIn(synthesize({ runbookUrl: 'https://wiki.example.com/apigw-logs' }));

    expect(moved.get('records-failed')).toMatchObject({
      AlarmDescription: expect.stringMatching(/https:\/\/wiki.example.com\/apigw-logs#records-f/),
    });
  });

  test('rejects an alarm that there is not', () => {
    expect(() => synthesize({ alarms: { unknownKey: 3 } as never })).toThrow(
      'alarms: got "unknownKey", expected deliveryLate, ',
    );
    expect(() => synthesize({ alarms: { unknownKeys: '3' } as never })).toThrow(
      'alarms.unknownKeys: got "3", expected a number or false',
    );
  });
});
