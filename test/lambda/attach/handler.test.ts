import { accountLimits } from '../../../lambda/account/account-limits';
import type { CustomResourceEvent } from '../../../lambda/attach/custom-resource';
import type { StageProperties } from '../../../lambda/attach/stage-resource';
import {
  type AwsAccount,
  type AwsAccountOptions,
  BUCKET,
  STREAM_ARN,
  STREAM_NAME,
  startAwsAccount,
} from '../../support/aws-account';
import { type Loopback, startLoopback } from '../../support/loopback';
import { mixedApis, OWN_FORMAT, OWN_GROUP, restApis } from '../../support/stages';

let account: AwsAccount;
let cloudFormation: Loopback;
let answers: { readonly body: string; readonly contentType: string | undefined }[];
/** Status codes that CloudFormation's bucket answers first. */
let refusals: number[];

async function start(options: AwsAccountOptions = {}) {
  account = await startAwsAccount({ apis: mixedApis(), ...options });
  answers = [];
  refusals = [];
  cloudFormation = await startLoopback(({ headers, body }, response) => {
    const status = refusals.shift() ?? 200;
    if (status === 200) answers.push({ body: `${body}`, contentType: headers['content-type'] });
    response.writeHead(status).end();
  });
  jest.spyOn(console, 'log').mockImplementation();
}

afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all([account.close(), cloudFormation.close()]);
});

function eventFor(
  properties: Partial<StageProperties> = {},
  rest: Partial<CustomResourceEvent<StageProperties>> = {},
): CustomResourceEvent<StageProperties> {
  return {
    RequestType: 'Create',
    RequestId: 'r1',
    ResponseURL: `${cloudFormation.url}/answer?signature=s`,
    StackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/Platform/1a2b',
    LogicalResourceId: 'Orders',
    ResourceProperties: {
      ApiId: 'rest1',
      ApiType: 'REST',
      StageName: 'prod',
      DestinationArn: STREAM_ARN,
      Format: '$context.requestId',
      Bucket: BUCKET,
      StreamName: STREAM_NAME,
      ...properties,
    },
    ...rest,
  };
}

type Handler = typeof import('../../../lambda/attach/handler').handler;

/** Its clients are made when it is loaded, as in a container that has just started. */
async function container(): Promise<Handler> {
  let handler: Handler | undefined;
  await jest.isolateModulesAsync(async () => {
    ({ handler } = await import('../../../lambda/attach/handler'));
  });
  return handler as Handler;
}

async function handle(event: CustomResourceEvent<StageProperties>): Promise<void> {
  const handler = await container();
  await handler(event);
}

const lastAnswer = () => JSON.parse(answers.at(-1)?.body ?? '');

test('a stage that is attached is answered in a few bytes, whatever else is set of it', async () => {
  await start();

  await handle(eventFor());

  expect(lastAnswer()).toEqual({
    Status: 'SUCCESS',
    PhysicalResourceId: 'rest1/prod',
    Data: { ApiName: 'orders' },
    RequestId: 'r1',
    StackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/Platform/1a2b',
    LogicalResourceId: 'Orders',
  });
  expect(answers[0]?.body.length).toBeLessThan(4096);
  // The URL is signed for none.
  expect(answers[0]?.contentType).toBe('');
});

test('a stage that is not there is answered with what was missed', async () => {
  await start();

  await handle(eventFor({ StageName: 'prd' }));

  expect(lastAnswer()).toMatchObject({
    Status: 'FAILED',
    Reason: 'stage rest1/prd: NotFoundException: Invalid stage identifier specified',
  });
});

test('a failed update keeps its id, so that nothing is deleted that stays', async () => {
  await start();

  await handle(
    eventFor(
      { StageName: 'prd' },
      {
        RequestType: 'Update',
        PhysicalResourceId: 'rest1/prod',
        OldResourceProperties: eventFor().ResourceProperties,
      },
    ),
  );

  expect(lastAnswer()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'rest1/prod' });
});

test('a deletion gives the stage back', async () => {
  await start();
  await handle(eventFor());

  await handle(eventFor({}, { RequestType: 'Delete', PhysicalResourceId: 'rest1/prod' }));

  expect(lastAnswer()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'rest1/prod' });
  expect(account.apis[0]?.stages['prod']).toEqual({
    destinationArn: OWN_GROUP,
    format: OWN_FORMAT,
  });
});

test('many stages at once get through what the account may call', async () => {
  const count = 30;
  await start({ apis: restApis(count), controlPlane: { throttle: accountLimits } });

  const handler = await container();
  await Promise.all(
    Array.from({ length: count }, (_, index) => handler(eventFor({ ApiId: `rest${index}` }))),
  );

  expect(account.controlPlane.calls.some(({ status }) => status === 429)).toBe(true);
  expect(answers.map(({ body }) => JSON.parse(body).Status)).toEqual(Array(count).fill('SUCCESS'));
}, 60_000);

test('an answer is sent until CloudFormation takes it', async () => {
  await start();
  refusals = [503, 500];

  await handle(eventFor());

  expect(lastAnswer()).toMatchObject({ Status: 'SUCCESS' });
});
