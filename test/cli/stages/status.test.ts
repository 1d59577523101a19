import { attach } from '../../../cli/stages/attach';
import { status } from '../../../cli/stages/status';
import { type AwsAccount, STREAM_NAME, startAwsAccount } from '../../support/aws-account';
import { recordedTerminal } from '../../support/recorded-terminal';
import { mixedApis, OWN_FORMAT, OWN_GROUP } from '../../support/stages';

let account: AwsAccount;
let terminal: ReturnType<typeof recordedTerminal>;

async function start(apis = mixedApis()) {
  account = await startAwsAccount({ apis, cloudwatchRoleArn: 'arn:aws:iam::1:role/x' });
  terminal = recordedTerminal();
}

afterEach(() => account.close());

const attachAll = () => attach(['--stack', 'Logs', '--yes', '--all'], recordedTerminal());

test('lists every stage with what it logs to', async () => {
  await start();

  expect(await status([], terminal)).toBe(0);

  expect(terminal.printed).toEqual([
    'API    NAME      TYPE       STAGE     CALLER     LOGS TO',
    'ws1    chat      WEBSOCKET  live                 nothing',
    'rest1  orders    REST       prod      not named  log group /own/orders',
    '    does not tell identity.apiKeyId, apiId, stage',
    'rest1  orders    REST       dev                  nothing',
    'http1  payments  HTTP       $default             nothing',
    '',
    '4 stages, 3 without an access log',
  ]);
});

test('marks the stages that are attached to the pipeline', async () => {
  await start();
  await attachAll();

  await status(['--stack', 'Logs', '--api', 'rest1', '--api', 'http1'], terminal);

  expect(terminal.printed).toEqual([
    'API    NAME      TYPE  STAGE     CALLER   LOGS TO',
    `rest1  orders    REST  prod      named    ✓ stream ${STREAM_NAME}`,
    `rest1  orders    REST  dev       named    ✓ stream ${STREAM_NAME}`,
    `http1  payments  HTTP  $default  no keys  ✓ log group /aws/vendedlogs/${STREAM_NAME}`,
    '',
    '3 stages, 3 attached, 0 without an access log',
  ]);
});

test('takes a log group without a way to the stream for what it is', async () => {
  await start();
  await attachAll();
  account.logs.groups.clear();

  await status(['--stack', 'Logs', '--api', 'http1', '--json'], terminal);

  expect(terminal.documents()).toMatchObject([{ apiId: 'http1', attached: false }]);
});

test('prints a line of JSON for each stage', async () => {
  await start();

  await status(['--api', 'rest1', '--json'], terminal);

  expect(terminal.documents()).toEqual([
    {
      apiId: 'rest1',
      apiName: 'orders',
      apiType: 'REST',
      stage: 'prod',
      accessLog: { destinationArn: OWN_GROUP, format: OWN_FORMAT },
      attached: null,
      attributable: false,
      lacks: ['identity.apiKeyId', 'apiId', 'stage'],
      logsKeyValues: false,
      exposesKeyValues: false,
    },
    expect.objectContaining({ stage: 'dev', accessLog: null, attributable: false }),
  ]);
});

test('warns of stages that log the values of API keys', async () => {
  const apis = mixedApis();
  const format = '$context.requestId $context.identity.apiKey';
  if (apis[0]) apis[0].stages['prod'] = { destinationArn: OWN_GROUP, format };
  await start(apis);

  await status(['--api', 'rest1', '--stage', 'prod'], terminal);

  expect(terminal.printed.at(-1)).toBe(
    '! orders prod logs the values of API keys, in clear unless the format is configured',
  );
});

test('says so where there are no stages', async () => {
  await start([]);

  await status([], terminal);

  expect(terminal.printed.at(-1)).toBe('0 stages, 0 without an access log');
});
