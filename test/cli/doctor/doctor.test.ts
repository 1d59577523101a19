import { doctor } from '../../../cli/doctor/doctor';
import type { Finding } from '../../../cli/doctor/finding';
import { widthOf } from '../../../cli/terminal/printable';
import { logFormat } from '../../../lambda/core/format/known/log-format';
import {
  type AwsAccount,
  type AwsAccountOptions,
  STREAM_ARN,
  STREAM_NAME,
  startAwsAccount,
} from '../../support/aws-account';
import { FAILED_PREFIX, failedLine, failedObject } from '../../support/failed-object';
import { recordedTerminal } from '../../support/recorded-terminal';
import type { TestApi } from '../../support/stages-api';

const ATTACHED = { destinationArn: STREAM_ARN, format: logFormat('REST') };
const orders: TestApi = {
  id: 'rest1',
  name: 'orders',
  type: 'REST',
  stages: { prod: ATTACHED },
};

let account: AwsAccount;

/** A pipeline that is well; a test then makes something of it ill. */
async function start(options: AwsAccountOptions = {}) {
  account = await startAwsAccount({ apis: [orders], ...options });
  const { alarms, metrics } = account.cloudwatch;
  alarms.push(alarm('function-errors'), alarm('catalog-old'), alarm('errors-stored'));
  metrics.set(`AWS/Firehose/IncomingRecords of ${STREAM_NAME}`, [1000, 2000]);
  metrics.set(`AWS/Firehose/DeliveryToS3.DataFreshness of ${STREAM_NAME}`, [70, 900]);
  metrics.set('AWS/Lambda/Invocations of enrich', [10, 20]);
  metrics.set('ApiGatewayAccessLogs/CatalogAge of access-logs', [240]);
}

function alarm(chapter: string, more = {}) {
  return {
    AlarmName: `access-logs-${chapter}`,
    AlarmDescription: `What it means. docs/runbook.md#${chapter}`,
    StateValue: 'OK' as const,
    AlarmActions: ['arn:aws:sns:eu-west-1:123456789012:night'],
    ...more,
  };
}

afterEach(() => account.close());

async function examine() {
  const terminal = recordedTerminal();
  const exitCode = await doctor(['--stack', 'Logs', '--json'], terminal);
  const findings = new Map(terminal.documents<Finding>().map((each) => [each.area, each]));
  return { exitCode, findings };
}

test('a pipeline that is well', async () => {
  await start();

  const { exitCode, findings } = await examine();

  expect(
    [...findings.values()].map(({ area, level, text }) => `${level} ${area}: ${text}`),
  ).toEqual([
    'fine alarms: 3 alarms, none on',
    'fine function: 30 calls in 3 hours, none failed',
    'fine records: 3,000 records came in 3 hours; the oldest waits 70 s',
    'fine errors/: nothing',
    'fine catalog: the usage plans are 4 min old',
    'fine stages: 1 of 1 stage attached',
  ]);
  expect(exitCode).toBe(0);
});

test('an alarm that is on, with its meaning and for how long', async () => {
  await start();
  const StateUpdatedTimestamp = Date.now() / 1000 - 7_000;
  account.cloudwatch.alarms.push(
    alarm('records-failed', { StateValue: 'ALARM', StateUpdatedTimestamp }),
  );

  const { exitCode, findings } = await examine();

  expect(findings.get('alarms')).toEqual({
    area: 'alarms',
    level: 'wrong',
    text: '1 of 4 on',
    details: [
      'access-logs-records-failed, for 117 min: What it means. docs/runbook.md#records-failed',
    ],
    next: [expect.stringContaining('--alarm-name-prefix access-logs- --region eu-west-1')],
  });
  expect(exitCode).toBe(1);
});

test('alarms of a pipeline whose name is longer are not its own', async () => {
  await start();
  account.cloudwatch.alarms.push({
    ...alarm('catalog-old', { StateValue: 'ALARM' }),
    AlarmName: 'access-logs-eu-catalog-old',
  });

  expect((await examine()).findings.get('alarms')?.text).toBe('3 alarms, none on');
});

test('alarms that tell nobody, and no alarms at all', async () => {
  await start();
  account.cloudwatch.alarms.push(alarm('function-slow', { AlarmActions: [] }));
  expect((await examine()).findings.get('alarms')).toMatchObject({
    level: 'attention',
    text: 'none on; 1 alarm without an action: set alarmTopicArn',
  });

  account.cloudwatch.alarms.splice(0);
  expect((await examine()).findings.get('alarms')?.level).toBe('attention');
});

test('a function that fails, with the log to read', async () => {
  await start();
  account.cloudwatch.metrics.set('AWS/Lambda/Errors of enrich', [3, 0, 2]);

  expect((await examine()).findings.get('function')).toEqual({
    area: 'function',
    level: 'wrong',
    text: '30 calls in 3 hours, 5 failed',
    next: ['aws logs tail /stack/enrich-logs --since 3h --filter-pattern ERROR --region eu-west-1'],
  });
});

test('records that wait too long, and those that the stream refused', async () => {
  await start();
  const { metrics } = account.cloudwatch;
  metrics.set(`AWS/Firehose/DeliveryToS3.DataFreshness of ${STREAM_NAME}`, [4_000]);
  metrics.set(`AWS/Firehose/ThrottledRecords of ${STREAM_NAME}`, [7]);

  expect((await examine()).findings.get('records')).toMatchObject({
    level: 'wrong',
    text: '3,000 records came in 3 hours; the oldest waits 67 min',
    details: ['the stream refused 7 records: over its quota'],
  });
});

test('a stream that nothing comes to', async () => {
  await start();
  account.cloudwatch.metrics.delete(`AWS/Firehose/IncomingRecords of ${STREAM_NAME}`);

  expect((await examine()).findings.get('records')).toMatchObject({
    level: 'attention',
    text: 'none came in 3 hours',
    next: ['apigw-logs status --stack Logs'],
  });
});

test('what lies under errors/, and why', async () => {
  await start();
  account.s3.objects.set(`${FAILED_PREFIX}a`, failedObject([failedLine('x'), failedLine('y')]));
  account.s3.objects.set(`${FAILED_PREFIX}b`, failedObject(['not a failed record']));

  const finding = (await examine()).findings.get('errors/');

  expect(finding).toMatchObject({
    level: 'wrong',
    text: expect.stringMatching(/^2 objects, the newest -?\d+ \w+ old$/),
    next: ['apigw-logs replay --stack Logs --dry-run'],
  });
  expect(finding?.details).toEqual([
    '2 Lambda.FunctionError: The Lambda function was successfully invoked but it returned an error result.',
    '1 object not as Firehose writes them',
  ]);
});

test('usage plans that are old, or whose reading fails', async () => {
  await start();
  account.s3.objects.set('_catalog/usage-plans.json.gz', {
    body: Buffer.from('x'),
    lastModified: new Date(Date.now() - 3 * 3_600_000),
  });
  account.cloudwatch.metrics.set('ApiGatewayAccessLogs/CatalogAge of access-logs', [10_000]);
  account.cloudwatch.metrics.set('ApiGatewayAccessLogs/CatalogCrawlFailures of access-logs', [2]);

  expect((await examine()).findings.get('catalog')).toMatchObject({
    level: 'wrong',
    text: 'the usage plans are 3 h old',
    details: [
      'shared by all containers, written 3 h ago',
      'reading the usage plans failed 2 times in 3 hours',
    ],
  });
});

describe("the crawler's queue", () => {
  const functionEnvironment = {
    SHARED_CATALOG_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/catalog.fifo',
  };
  const queue = (depths: { waiting: number; dead: number }) => {
    const deadLetterTargetArn = 'arn:aws:sqs:eu-west-1:123456789012:dead.fifo';
    account.sqs.queues.set('catalog.fifo', {
      ApproximateNumberOfMessages: String(depths.waiting),
      ApproximateNumberOfMessagesNotVisible: '1',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 }),
    });
    account.sqs.queues.set('dead.fifo', { ApproximateNumberOfMessages: String(depths.dead) });
  };

  test('is told, with what it failed at and how to look at that', async () => {
    await start({ functionEnvironment });
    queue({ waiting: 4, dead: 2 });

    const { exitCode, findings } = await examine();

    expect(findings.get('catalog')).toMatchObject({
      level: 'attention',
      details: ["5 messages in the crawler's queue", '2 messages that the crawler failed at'],
      next: expect.arrayContaining([
        'aws sqs receive-message --queue-url https://sqs.eu-west-1.amazonaws.com/123456789012/dead.fifo --visibility-timeout 0 --region eu-west-1',
      ]),
    });
    expect(exitCode).toBe(0);
  });

  test('is no reason to look further where it is only at work', async () => {
    await start({ functionEnvironment });
    queue({ waiting: 0, dead: 0 });

    expect((await examine()).findings.get('catalog')).toMatchObject({
      level: 'fine',
      details: ["1 message in the crawler's queue"],
    });
  });

  test('that may not be read hides nothing else of the catalog', async () => {
    await start({ functionEnvironment });
    account.sqs.denied.add('GetQueueAttributes');

    expect((await examine()).findings.get('catalog')).toMatchObject({
      level: 'fine',
      text: 'the usage plans are 4 min old',
      details: ["the crawler's queue could not be read: AccessDenied"],
    });
  });
});

test('stages: what each lacks, and those that log nothing', async () => {
  const bare = { destinationArn: STREAM_ARN, format: '$context.requestId $context.apiId' };
  await start({ apis: [{ ...orders, stages: { prod: ATTACHED, dev: bare, test: undefined } }] });

  expect((await examine()).findings.get('stages')).toEqual({
    area: 'stages',
    level: 'attention',
    text: '2 of 3 stages attached, 1 without an access log',
    details: ['orders dev does not tell identity.apiKeyId, stage'],
    next: [
      'apigw-logs attach --stack Logs --api rest1 --stage dev',
      'apigw-logs attach --stack Logs --all --keep-format --dry-run',
    ],
  });
});

test('what may not be read is said, and hides nothing else', async () => {
  await start();
  account.cloudwatch.denied.add('GetMetricData');

  const { exitCode, findings } = await examine();

  expect(findings.get('function')).toEqual({
    area: 'function',
    level: 'unknown',
    text: 'could not be read: AccessDeniedException: no',
  });
  expect(findings.get('alarms')?.level).toBe('fine');
  expect(findings.get('stages')?.level).toBe('fine');
  expect(exitCode).toBe(1);
});

test('is one screen of 80 columns; only commands to paste may be longer', async () => {
  await start();
  account.s3.objects.set(`${FAILED_PREFIX}a`, failedObject([failedLine('x')]));
  const terminal = recordedTerminal(80);

  await doctor(['--stack', 'Logs'], terminal);

  expect(terminal.printed.slice(0, 3)).toEqual([
    'account 123456789012, Region eu-west-1',
    `stream ${STREAM_NAME}`,
    '',
  ]);
  expect(terminal.printed.length).toBeLessThanOrEqual(24);
  for (const line of terminal.printed) {
    if (!line.includes('→ ')) expect([line, widthOf(line) <= 80]).toEqual([line, true]);
  }
  // Of longer ones nothing is wrapped earlier than it must be.
  const findings = terminal.printed.filter((line) => !line.includes('→ '));
  expect(Math.max(...findings.map(widthOf))).toBeGreaterThan(60);
});
