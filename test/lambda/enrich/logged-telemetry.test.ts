import { metricNames } from '../../../lambda/core/metrics';
import { loggedTelemetry } from '../../../lambda/enrich/logged-telemetry';
import { written } from '../../support/written';

const nothing = {
  lines: { enriched: 0, withoutKey: 0, unknownKey: 0, noPlanForStage: 0, unparsed: 0 },
  records: { Ok: 0, Dropped: 0, ProcessingFailed: 0, Reingested: 0 },
  failures: {},
};

const logOf = (act: () => void) => written(act).map((line) => JSON.parse(line));

test('a batch that fails before anything was counted logs its error and nothing else', () => {
  const telemetry = loggedTelemetry('orders');

  const log = logOf(() => telemetry.batchFailed(new Error('denied')));

  expect(log).toMatchObject([
    { level: 'ERROR', message: 'batch failed', error: { message: 'denied' } },
  ]);
});

test('what failed between batches is counted with the next one, once', () => {
  const telemetry = loggedTelemetry('orders');
  logOf(() => {
    telemetry.catalogs.failed('snapshot', new Error('one'));
    telemetry.catalogs.failed('snapshot', new Error('two'));
  });

  const [first] = logOf(() => telemetry.batchDone(nothing, undefined));
  const [second] = logOf(() => telemetry.batchDone(nothing, undefined));

  expect(first).toMatchObject({
    [metricNames.snapshotFailures]: 2,
    [metricNames.linesEnriched]: 0,
  });
  expect(second).not.toHaveProperty(metricNames.snapshotFailures);
});

test('a batch that fails still counts what came before it', () => {
  const telemetry = loggedTelemetry('orders');
  logOf(() => telemetry.catalogs.asked(3, 1));

  const [, metrics] = logOf(() => telemetry.batchFailed(new Error('denied')));

  expect(metrics).toMatchObject({
    [metricNames.keysAskedFor]: 3,
    [metricNames.keysNotAskedFor]: 1,
  });
});

test('counts of stages are a line each, with their ids for dimensions', () => {
  const telemetry = loggedTelemetry('orders');
  const counts = {
    apiId: 'a1',
    stage: '$default',
    requests: 500,
    throttled: 1,
    quotaExceeded: 2,
    authorizerErrors: 3,
    integrationErrors: 4,
    wafErrors: 5,
    wafLatencies: new Map([[12, 500]]),
  };

  const [, first, second] = logOf(() =>
    telemetry.batchDone(nothing, undefined, [
      counts,
      { ...counts, stage: 'prod', wafLatencies: new Map() },
    ]),
  );

  expect(first).toMatchObject({ service: 'orders', ApiId: 'a1', Stage: '$default' });
  expect(first).toMatchObject({ ApiRequests: 500, ApiThrottled: 1, ApiQuotaExceeded: 2 });
  expect(first.ApiWafLatency).toEqual(new Array(100).fill(12));
  const [directive] = first._aws.CloudWatchMetrics;
  expect(directive.Dimensions).toEqual([['service', 'ApiId', 'Stage']]);
  expect(directive.Metrics).toContainEqual({ Name: 'ApiWafLatency', Unit: 'Milliseconds' });
  // A metric without a value would be refused, and the line with it.
  expect(JSON.stringify(second)).not.toContain('ApiWafLatency');
});
