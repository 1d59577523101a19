import { emitMetrics } from '../../../lambda/aws/emit-metrics';
import { METRIC_NAMESPACE, metricNames, QUOTA_METRIC } from '../../../lambda/core/metrics';
import { written } from '../../support/written';

test('values are a line in the embedded metric format, with the pipeline as dimension', () => {
  const before = Date.now();

  const lines = written(() =>
    emitMetrics('orders', { [metricNames.crawls]: 1, [metricNames.snapshotBytes]: 10 }),
  );

  const { _aws, ...values } = JSON.parse(lines.join(''));
  expect(_aws.Timestamp).toBeGreaterThanOrEqual(before);
  expect(_aws.CloudWatchMetrics).toEqual([
    {
      Namespace: METRIC_NAMESPACE,
      Dimensions: [['service']],
      Metrics: [
        { Name: metricNames.crawls, Unit: 'Count' },
        { Name: metricNames.snapshotBytes, Unit: 'Bytes' },
      ],
    },
  ]);
  expect(values).toEqual({
    service: 'orders',
    [metricNames.crawls]: 1,
    [metricNames.snapshotBytes]: 10,
  });
});

test('a further dimension tells the series of one pipeline apart', () => {
  const lines = written(() =>
    emitMetrics('orders', { [QUOTA_METRIC]: 81.5 }, { UsagePlan: 'Gold' }),
  );

  expect(JSON.parse(lines.join(''))).toMatchObject({
    _aws: {
      CloudWatchMetrics: [
        {
          Dimensions: [['service', 'UsagePlan']],
          Metrics: [{ Name: QUOTA_METRIC, Unit: 'Percent' }],
        },
      ],
    },
    UsagePlan: 'Gold',
    [QUOTA_METRIC]: 81.5,
  });
});
