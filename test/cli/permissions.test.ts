/** docs/permissions.md against the calls that each command can make, by what its file imports. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..', '..');

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html */
const logDelivery = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];

/** What IAM asks for each call: https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const actionsOf: Readonly<Record<string, readonly string[]>> = {
  CopyObject: ['s3:GetObject', 's3:PutObject'],
  CreateLogGroup: ['logs:CreateLogGroup'],
  DeleteAccessLogSettings: ['apigateway:DELETE'],
  DeleteObject: ['s3:DeleteObject'],
  DescribeAlarms: ['cloudwatch:DescribeAlarms'],
  DescribeDeliveryStream: ['firehose:DescribeDeliveryStream'],
  DescribeLogGroups: ['logs:DescribeLogGroups'],
  DescribeStacks: ['cloudformation:DescribeStacks'],
  DescribeSubscriptionFilters: ['logs:DescribeSubscriptionFilters'],
  GetAccount: ['apigateway:GET'],
  GetApiKey: ['apigateway:GET'],
  GetApiKeys: ['apigateway:GET'],
  GetApis: ['apigateway:GET'],
  GetCallerIdentity: ['sts:GetCallerIdentity'],
  GetFunctionConfiguration: ['lambda:GetFunctionConfiguration'],
  GetMetricData: ['cloudwatch:GetMetricData'],
  GetObject: ['s3:GetObject'],
  GetQueryExecution: ['athena:GetQueryExecution'],
  GetQueryResults: ['athena:GetQueryResults'],
  GetQueueAttributes: ['sqs:GetQueueAttributes'],
  GetQueueUrl: ['sqs:GetQueueUrl'],
  GetRestApis: ['apigateway:GET'],
  GetStage: ['apigateway:GET'],
  GetStages: ['apigateway:GET'],
  GetUsagePlanKey: ['apigateway:GET'],
  GetUsagePlanKeys: ['apigateway:GET'],
  GetUsagePlans: ['apigateway:GET'],
  GetV2Stage: ['apigateway:GET'],
  GetV2Stages: ['apigateway:GET'],
  HeadObject: ['s3:GetObject'],
  ListObjectsV2: ['s3:ListBucket'],
  ListStackResources: ['cloudformation:ListStackResources'],
  PutObject: ['s3:PutObject'],
  PutRecordBatch: ['firehose:PutRecordBatch'],
  PutRetentionPolicy: ['logs:PutRetentionPolicy'],
  PutSubscriptionFilter: ['logs:PutSubscriptionFilter', 'iam:PassRole'],
  StartQueryExecution: ['athena:StartQueryExecution'],
  StopQueryExecution: ['athena:StopQueryExecution'],
  UpdateStage: ['apigateway:PATCH'],
  // API Gateway sets the way to a log group up with its caller's permissions.
  UpdateV2Stage: ['apigateway:PATCH', ...logDelivery],
};

/** Commands that change nothing: of what their files could call, they call what reads. */
const readers = new Set(['status', 'doctor', 'invoke', 'report', 'query', 'audit']);
const isReading = (call: string) => /^(Get|List|Describe|Head|StartQuery|StopQuery)/.test(call);

const importing =
  /(?:^|\n)(?:import|export)\s+(?!type\b)([^;]*?)from '(\.[^']+)'|import\('(\.[^']+)'\)/g;

/** The file and all that it imports for more than types. */
function filesBehind(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file) || !existsSync(join(root, file))) return found;
  found.add(file);
  for (const [, names = '', from, lazy] of text(file).matchAll(importing)) {
    const [, list] = /^\{([^}]*)\}\s*$/.exec(names) ?? [];
    const items = list?.split(',').flatMap((item) => item.trim() || []);
    if (items?.every((item) => item.startsWith('type '))) continue;
    filesBehind(`${join(dirname(file), from ?? lazy ?? '')}.ts`, found);
  }
  return found;
}

function text(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function actionsFor(command: string, file: string): string[] {
  const calls = [...filesBehind(file)].flatMap((each) =>
    Array.from(
      text(each).matchAll(/new (\w+)Command\(|\bpaginate(\w+)\(/g),
      ([, call, paginated]) => call ?? paginated ?? '',
    ),
  );
  const made = new Set(calls.filter((call) => !readers.has(command) || isReading(call)));
  const actions = [...made].flatMap(
    (call) => actionsOf[call] ?? [`of ${call}, which is not known`],
  );
  return [...new Set(actions)].sort();
}

/** Files that define a command of their own, by its name. */
const commands = new Map(
  readdirSync(join(root, 'cli'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const [, command] = /= command\(\{\s*name: '([\w-]+)'/.exec(text(join('cli', name))) ?? [];
      return command ? [[command, join('cli', name)] as const] : [];
    }),
);

const documented = new Map(
  Array.from(
    text('docs/permissions.md').matchAll(/^\| `([\w-]+)` \| (.+) \|$/gm),
    ([, name = '', list = '']) => [
      name,
      Array.from(list.matchAll(/`([\w-]+:\w+)`/g), ([, action = '']) => action).sort(),
    ],
  ),
);

const callers = [...commands].filter(([name, file]) => actionsFor(name, file).length > 0);

test('commands that call AWS are in the table, and no others', () => {
  expect(callers.length).toBeGreaterThan(8);
  expect([...documented.keys()].sort()).toEqual(callers.map(([name]) => name).sort());
});

test.each(callers)('%s takes what the table says, and no more', (name, file) => {
  expect(documented.get(name)).toEqual(actionsFor(name, file));
});

test('the policy to paste allows what the commands that only read take', () => {
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(text('docs/permissions.md')) ?? [];
  const { Statement } = JSON.parse(json) as { Statement: { Action: string[] }[] };
  const allowed = new Set(Statement.flatMap(({ Action }) => Action));
  const wanted = ['status', 'doctor'].flatMap((name) => documented.get(name) ?? []);

  expect(wanted.filter((action) => !allowed.has(action))).toEqual([]);
});
