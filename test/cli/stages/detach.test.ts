import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { S3Client } from '@aws-sdk/client-s3';
import { attach } from '../../../cli/stages/attach';
import { detach } from '../../../cli/stages/detach';
import { attachStage } from '../../../lambda/stages/attach-stage';
import { attachmentNotes } from '../../../lambda/stages/attachment-notes';
import {
  type AwsAccount,
  BUCKET,
  STREAM_ARN,
  STREAM_NAME,
  startAwsAccount,
} from '../../support/aws-account';
import { startCommand } from '../../support/command-process';
import { recordedTerminal } from '../../support/recorded-terminal';
import { mixedApis, OWN_FORMAT, OWN_GROUP, restApis } from '../../support/stages';

let account: AwsAccount;
let terminal: ReturnType<typeof recordedTerminal>;

async function start(apis = mixedApis()) {
  account = await startAwsAccount({ apis, cloudwatchRoleArn: 'arn:aws:iam::1:role/x' });
  terminal = recordedTerminal();
}

afterEach(() => account.close());

const attachAll = () => attach(['--stack', 'Logs', '--yes', '--all'], recordedTerminal());
const run = (...args: string[]) => detach(['--stack', 'Logs', '--yes', ...args], terminal);
const logs = () => account.apis.map(({ stages }) => stages);
const updates = () => account.controlPlane.calls.filter(({ method }) => method !== 'GET');

test('every stage logs again exactly what it logged before it was attached', async () => {
  await start();
  await attachAll();

  expect(await run('--all')).toBe(0);

  expect(logs()).toEqual(mixedApis().map(({ stages }) => stages));
  expect(account.s3.objects.size).toBe(0);
});

test('a stage that had a destination and no format has just that again', async () => {
  const apis = mixedApis();
  if (apis[0]) apis[0].stages['prod'] = { destinationArn: OWN_GROUP };
  await start(apis);
  await attachAll();

  expect(await run('--all')).toBe(0);

  expect(logs()[0]?.['prod']).toEqual({ destinationArn: OWN_GROUP });
});

test('a stage that a stack attaches is given back, and the stack is named', async () => {
  await start();
  const stage = { apiId: 'rest1', apiType: 'REST', stageName: 'prod' } as const;
  await attachStage(
    {
      clients: { rest: new APIGatewayClient({}), v2: new ApiGatewayV2Client({}) },
      notes: attachmentNotes(new S3Client({}), BUCKET),
    },
    stage,
    {
      by: 'platform/OrdersProd',
      stream: STREAM_NAME,
      to: { destinationArn: STREAM_ARN, format: '$context.requestId' },
    },
  );

  expect(await run('--all')).toBe(0);

  expect(logs()[0]?.['prod']).toEqual({ destinationArn: OWN_GROUP, format: OWN_FORMAT });
  expect(terminal.printed.join('\n')).toContain('platform/OrdersProd attaches a stage in code');
});

test('a stage that another pipeline with the same bucket has is left alone', async () => {
  await start();
  await attachAll();
  const [key = '', note] = [...account.s3.objects].find(([each]) => each.includes('prod')) ?? [];
  const body = Buffer.from(String(note?.body).replace(STREAM_NAME, `${STREAM_NAME}-2`));
  account.s3.objects.set(key, { body, lastModified: new Date() });

  expect(await run('--api', 'rest1', '--stage', 'prod', '--json')).toBe(0);

  expect(terminal.documents()).toMatchObject([
    { outcome: 'unchanged', message: `attached to another pipeline, ${STREAM_NAME}-2` },
  ]);
  expect(updates()).toHaveLength(4);
});

test('only the named stages are detached', async () => {
  await start();
  await attachAll();

  await run('--api', 'rest1', '--stage', 'prod');

  expect(logs()[0]).toEqual({
    prod: { destinationArn: OWN_GROUP, format: OWN_FORMAT },
    dev: expect.objectContaining({ destinationArn: STREAM_ARN }),
  });
});

test('what is going to change is shown first', async () => {
  await start();
  await attachAll();

  await run('--api', 'rest1', '--stage', 'prod', '--dry-run');

  expect(terminal.printed).toEqual(
    expect.arrayContaining(['  + log group /own/orders', `  + ${OWN_FORMAT}`, '1 to change']),
  );
  expect(logs()[0]?.['prod']?.destinationArn).toBe(STREAM_ARN);
});

test('a stage that was never attached is no failure', async () => {
  await start();

  expect(await run('--api', 'rest1', '--json')).toBe(0);

  expect(terminal.documents()).toMatchObject([
    { stage: 'prod', outcome: 'unchanged' },
    { stage: 'dev', outcome: 'unchanged' },
  ]);
});

test('a stage that something else attached is left alone', async () => {
  await start();
  const byHand = { destinationArn: STREAM_ARN, format: '$context.requestId' };
  if (account.apis[0]) account.apis[0].stages['prod'] = byHand;

  expect(await run('--all', '--json')).toBe(1);

  expect(terminal.documents()).toContainEqual(
    expect.objectContaining({ apiId: 'rest1', stage: 'prod', outcome: 'left' }),
  );
  expect(updates()).toEqual([]);
});

test('a stage that somebody pointed elsewhere since is left alone', async () => {
  await start();
  await attachAll();
  const elsewhere = { destinationArn: `${OWN_GROUP}-new`, format: '$context.requestId' };
  if (account.apis[0]) account.apis[0].stages['prod'] = elsewhere;

  expect(await run('--api', 'rest1', '--stage', 'prod', '--json')).toBe(0);

  expect(terminal.documents()).toMatchObject([
    { outcome: 'unchanged', message: expect.stringContaining('/own/orders-new') },
  ]);
  expect(logs()[0]?.['prod']).toEqual(elsewhere);
});

test('a second run goes on where Ctrl-C ended the first', async () => {
  await start(restApis(4));
  await attachAll();
  const { child, ended } = startCommand(
    ['detach', '--stack', 'Logs', '--all', '--yes'],
    account.environment,
  );
  account.controlPlane.fault = ({ method, path }) => {
    if (method !== 'PATCH' || !path.includes('rest1')) return undefined;
    child.kill('SIGINT');
    // Time for the signal to arrive before the answer does.
    return { latencyMs: 1_000 };
  };
  const { exitCode, stdout } = await ended;
  account.controlPlane.fault = undefined;

  expect(exitCode).toBe(130);
  expect(stdout).toContain('2 detached, 2 not reached');
  expect(await run('--all')).toBe(0);
  expect(logs()).toEqual(restApis(4).map(({ stages }) => stages));
});

test('a note whose stage was restored already is removed', async () => {
  await start();
  await attachAll();
  account.s3.failsWith = ({ operation }) => (operation === 'delete' ? 403 : undefined);
  expect(await run('--api', 'rest1', '--stage', 'prod')).toBe(1);
  account.s3.failsWith = undefined;
  const before = updates().length;

  expect(await run('--api', 'rest1', '--stage', 'prod')).toBe(0);

  expect(updates()).toHaveLength(before);
  expect([...account.s3.objects.keys()].some((key) => key.includes('rest1/prod'))).toBe(false);
});
