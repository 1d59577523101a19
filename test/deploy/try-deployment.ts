/**
 * Bootstraps, deploys, updates and destroys the app on a loopback emulator, and sends records through
 * the very bundle that was deployed.
 *
 * moto's Firehose calls no function: this script plays that part, with the deployed bundle in a process
 * that has the deployed environment. What moto skips altogether is held to the template by the tests.
 */

import assert from 'node:assert/strict';
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  GetResourcesCommand,
  GetStageCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateDeliveryStreamCommand,
  FirehoseClient,
  PutRecordBatchCommand,
} from '@aws-sdk/client-firehose';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { FirehoseTransformationResult } from 'aws-lambda';
import { firehoseEvent } from '../support/firehose';
import { startLoopback } from '../support/loopback';
import { runSteps, type Step } from '../support/steps';
import { ACCOUNT, type Emulator, isInstalled, REGION, startEmulator } from './emulator';
import { standInForUnknown } from './stand-in';

const root = join(__dirname, '..', '..');
const work = mkdtempSync(join(tmpdir(), 'deployment-'));

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>> & {
    readonly Code?: { readonly S3Key: string };
  };
}

/** What a stage logs. */
interface AccessLog {
  readonly destinationArn?: string | undefined;
  readonly format?: string | undefined;
}

/** The longest time that one call of the CDK may take. */
const DEPLOY_MS = 300_000;

interface FunctionConfiguration {
  readonly MemorySize: number;
  readonly Environment: { readonly Variables: Record<string, string> };
}

class Deployment {
  readonly #emulator: Emulator;
  readonly #client: { endpoint: string; region: string; credentials: Credentials };

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    this.#client = { endpoint: emulator.url, region: REGION, credentials };
  }

  get apiGateway(): APIGatewayClient {
    return new APIGatewayClient(this.#client);
  }

  get firehose(): FirehoseClient {
    return new FirehoseClient(this.#client);
  }

  get s3(): S3Client {
    return new S3Client({ ...this.#client, forcePathStyle: true });
  }

  cdk(...args: string[]): string {
    return execFileSync(join(root, 'node_modules', '.bin', 'cdk'), [...args, '--no-notices'], {
      cwd: root,
      encoding: 'utf8',
      // Its own home: the CDK remembers which account a key is of, and so would take this one for another's.
      env: { ...process.env, ...this.#emulator.environment, CDK_HOME: join(work, 'cdk-home') },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: DEPLOY_MS,
    });
  }

  /** The app, as it is configured by context; gives the stack's template. */
  deploy(stack: string, context: Record<string, string> = {}): Record<string, Resource> {
    const out = mkdtempSync(join(work, 'cdk-'));
    const flags = Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    this.cdk('synth', '--quiet', '-o', out, ...flags);
    const template = join(out, `${stack}.template.json`);
    standInForUnknown(template);
    this.cdk('deploy', '--app', out, '--method=direct', '--require-approval=never');
    return JSON.parse(readFileSync(template, 'utf8')).Resources;
  }

  destroy(stack: string, context: Record<string, string> = {}): void {
    const flags = Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    this.cdk('destroy', '--force', stack, ...flags);
  }

  async stack(
    name: string,
  ): Promise<{ id: string; status: string; outputs: Record<string, string> }> {
    const client = new CloudFormationClient(this.#client);
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [
      OutputKey,
      OutputValue,
    ]);
    const [{ StackId: id = '', StackStatus: status = '' } = {}] = Stacks ?? [];
    return { id, status, outputs: Object.fromEntries(outputs) };
  }

  /** A REST API with a stage `prod` that logs to somewhere; gives the API's id. */
  async makeStage(accessLog: AccessLog): Promise<string> {
    const { apiGateway } = this;
    const { id: restApiId = '' } = await apiGateway.send(
      new CreateRestApiCommand({ name: 'shop' }),
    );
    const { items: [root] = [] } = await apiGateway.send(new GetResourcesCommand({ restApiId }));
    const method = { restApiId, resourceId: root?.id, httpMethod: 'GET' };
    await apiGateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
    await apiGateway.send(new PutIntegrationCommand({ ...method, type: 'MOCK' }));
    const { id: deploymentId } = await apiGateway.send(new CreateDeploymentCommand({ restApiId }));
    await apiGateway.send(new CreateStageCommand({ restApiId, deploymentId, stageName: 'prod' }));
    await this.logTo(restApiId, accessLog);
    return restApiId;
  }

  async logTo(restApiId: string, accessLog: AccessLog): Promise<void> {
    const patchOperations = Object.entries(accessLog).map(([name, value]) => ({
      op: 'replace' as const,
      path: `/accessLogSettings/${name}`,
      value,
    }));
    const stage = { restApiId, stageName: 'prod' };
    await this.apiGateway.send(new UpdateStageCommand({ ...stage, patchOperations }));
  }

  async accessLogOf(restApiId: string): Promise<AccessLog> {
    const stage = { restApiId, stageName: 'prod' };
    const { accessLogSettings } = await this.apiGateway.send(new GetStageCommand(stage));
    return { ...accessLogSettings };
  }

  async functionConfiguration(name: string): Promise<FunctionConfiguration> {
    const url = `${this.#emulator.url}/2015-03-31/functions/${name}/configuration`;
    const scope = `test/20261120/${REGION}/lambda/aws4_request`;
    const response = await fetch(url, {
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}` },
    });
    assert.equal(response.status, 200);
    return (await response.json()) as FunctionConfiguration;
  }

  /** The app with an attached stage, deployed while `play` does what moto does not. */
  async deployAttached(
    apiId: string,
    play: (resources: Record<string, Resource>) => Promise<void>,
  ): Promise<Record<string, Resource>> {
    const out = mkdtempSync(join(work, 'cdk-'));
    const app = 'npx tsx test/deploy/attached-app.ts';
    process.env['ATTACHED_API'] = apiId;
    this.cdk('synth', '--app', app, '--quiet', '-o', out);
    const template = join(out, 'attached.template.json');
    standInForUnknown(template);
    const { Resources } = JSON.parse(readFileSync(template, 'utf8'));
    const cdk = spawn(
      join(root, 'node_modules', '.bin', 'cdk'),
      [
        ...['deploy', '--app', out, '--method=direct', '--progress=events'],
        ...['--require-approval=never', '--no-notices'],
      ],
      {
        cwd: root,
        env: { ...process.env, ...this.#emulator.environment, CDK_HOME: join(work, 'cdk-home') },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: DEPLOY_MS,
      },
    );
    const ended = once(cdk, 'close');
    await untilPrinted(cdk, 'CREATE_IN_PROGRESS');
    await play(Resources);
    const [code] = await ended;
    assert.equal(code, 0);
    return Resources;
  }

  /** Hands a function's answer about a custom resource on, under the Region that moto looks for. */
  async answer(stackId: string, body: string): Promise<void> {
    const url = `${this.#emulator.url}/cloudformation_${REGION}/cfnresponse?stack=${stackId}`;
    const scope = `test/20261120/${REGION}/cloudformation/aws4_request`;
    const response = await fetch(url, {
      method: 'PUT',
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}`, 'content-type': '' },
      body: Buffer.from(body),
    });
    assert.equal(response.status, 200, await response.text());
  }

  /** Calls a custom resource's function as CloudFormation does; gives what it answers. */
  async callResource(bundle: string, event: object): Promise<string> {
    let body = '';
    const answers = await startLoopback((request, response) => {
      body = request.body.toString();
      response.end();
    });
    try {
      const environment = { Environment: { Variables: {} } };
      await this.invoke(bundle, environment, { ...event, ResponseURL: answers.url });
    } finally {
      await answers.close();
    }
    return body;
  }

  /** Physical ids of a stack's resources by their logical ones, once the stack has all of them. */
  async physicalIds(stack: string, awaited: string): Promise<Map<string, string>> {
    const client = new CloudFormationClient(this.#client);
    for (let attempt = 0; attempt < 600; attempt++) {
      const { StackResources = [] } = await client
        .send(new DescribeStackResourcesCommand({ StackName: stack }))
        .catch(() => ({ StackResources: [] }));
      const ids = StackResources.map(
        ({ LogicalResourceId, PhysicalResourceId }) =>
          [LogicalResourceId ?? '', PhysicalResourceId ?? ''] as const,
      );
      if (ids.some(([id]) => id === awaited)) return new Map(ids);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`the stack ${stack} has no ${awaited} after two minutes`);
  }

  /** Fetches the code that was uploaded for a template's function; gives the bundle's path. */
  async bundleOf(resources: Record<string, Resource>, logicalId = ''): Promise<string> {
    const [, code] =
      Object.entries(resources).find(
        ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.includes(logicalId),
      ) ?? [];
    const Key = code?.Properties.Code?.S3Key;
    const Bucket = `cdk-hnb659fds-assets-123456789012-${REGION}`;
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket, Key }));
    const folder = mkdtempSync(join(work, 'code-'));
    const archive = join(folder, 'code.zip');
    writeFileSync(archive, (await Body?.transformToByteArray()) ?? '');
    execFileSync('python3', ['-m', 'zipfile', '-e', archive, folder]);
    return join(folder, 'index.js');
  }

  /** Runs a bundle as Lambda does: in a process of its own, with the deployed environment. */
  async invoke<Response = FirehoseTransformationResult>(
    bundle: string,
    { Environment }: Pick<FunctionConfiguration, 'Environment'>,
    event: object,
  ): Promise<Response> {
    const script = `process.once('message', async ({ bundle, event }) => {
      const response = await require(bundle).handler(event);
      process.send({ response }, () => process.disconnect());
    });`;
    const child = spawn(process.execPath, ['-e', script], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...this.#emulator.environment, ...Environment.Variables },
    });
    const tooLate = setTimeout(() => child.kill(), 60_000);
    child.once('close', () => clearTimeout(tooLate));
    child.send({ bundle, event });
    let answer: { response: Response } | undefined;
    child.once('message', (message: { response: Response }) => {
      answer = message;
    });
    const [code] = await once(child, 'close');
    assert.ok(answer, `the function ended with exit code ${code} and without a response`);
    return answer.response;
  }

  async objects(bucket: string): Promise<{ key: string; text: string }[]> {
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Promise.all(
      Contents.map(async ({ Key: key = '' }) => {
        const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return { key, text: (await Body?.transformToString()) ?? '' };
      }),
    );
  }
}

/**
 * The CDK prints events once moto has made what it can. Whoever asks about the stack earlier has moto make the
 * resources a second time, beside the first.
 */
async function untilPrinted(cdk: ChildProcessByStdio<null, Readable, Readable>, text: string) {
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [cdk.stdout, cdk.stderr]) {
      stream.on('data', (chunk) => {
        printed += chunk;
        if (printed.includes(text)) resolve();
      });
    }
    cdk.once('close', () => reject(new Error(`no ${text} in what cdk printed:\n${printed}`)));
  });
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

function stepsOf(deployment: Deployment): Step[] {
  let resources: Record<string, Resource>;
  let outputs: Record<string, string>;
  let keyId: string;
  let apiId: string;
  let attached: Record<string, Resource>;
  let event: object;
  const before = {
    destinationArn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:before`,
    format: '$context.requestId',
  };

  const functionNow = () => deployment.functionConfiguration(outputs['FunctionName'] ?? '');
  const streamName = () => outputs['StreamArn']?.split('/')[1];
  const bucket = () => outputs['BucketName'] ?? '';
  const invoke = async (...lines: string[]) => {
    const event = { ...firehoseEvent(...lines), deliveryStreamArn: outputs['StreamArn'] };
    return deployment.invoke(await deployment.bundleOf(resources), await functionNow(), event);
  };
  const line = (id: string, fill = '') =>
    JSON.stringify({ requestId: id, apiId: 'api1', stage: 'prod', apiKeyId: keyId, fill });

  return [
    {
      title: 'the account is bootstrapped',
      check: () => void deployment.cdk('bootstrap'),
    },
    {
      title: 'the app is deployed',
      async check() {
        resources = deployment.deploy('access-logs');
        const stack = await deployment.stack('access-logs');
        outputs = stack.outputs;
        assert.equal(stack.status, 'CREATE_COMPLETE');
        assert.match(outputs['StreamArn'] ?? '', /:deliverystream\/amazon-apigateway-access-logs$/);
      },
    },
    {
      title: 'the function has the settings of the stack',
      async check() {
        const { MemorySize, Environment } = await functionNow();
        assert.equal(MemorySize, 512);
        assert.equal(Environment.Variables['PIPELINE_NAME'], 'access-logs');
      },
    },
    {
      title: 'the account has a usage plan, a key, and the stream that moto skipped',
      async check() {
        const { apiGateway, firehose } = deployment;
        const key = await apiGateway.send(new CreateApiKeyCommand({ name: 'Acme', enabled: true }));
        keyId = key.id ?? '';
        const plan = await apiGateway.send(
          new CreateUsagePlanCommand({
            name: 'Gold',
            apiStages: [{ apiId: 'api1', stage: 'prod' }],
          }),
        );
        await apiGateway.send(
          new CreateUsagePlanKeyCommand({ usagePlanId: plan.id, keyId, keyType: 'API_KEY' }),
        );
        await firehose.send(
          new CreateDeliveryStreamCommand({
            DeliveryStreamName: streamName(),
            DeliveryStreamType: 'DirectPut',
            ExtendedS3DestinationConfiguration: {
              BucketARN: `arn:aws:s3:::${bucket()}`,
              RoleARN: outputs['SubscriptionRoleArn'],
              Prefix: 'logs/',
            },
          }),
        );
      },
    },
    {
      title:
        'records come out of the deployed bundle with plan and customer, and land in the bucket',
      async check() {
        const keyless = '{"requestId":"r2","apiId":"api1","stage":"prod"}';
        const { records } = await invoke(line('r1'), keyless);
        const Records = records.map(({ data = '' }) => ({ Data: Buffer.from(data, 'base64') }));
        await deployment.firehose.send(
          new PutRecordBatchCommand({ DeliveryStreamName: streamName(), Records }),
        );

        const [object] = await deployment.objects(bucket());
        assert.match(object?.key ?? '', /^logs\//);
        assert.deepEqual(
          object?.text
            .trimEnd()
            .split('\n')
            .map((text) => JSON.parse(text))
            .map(({ requestId, usage_plan, customer_name }) => [
              requestId,
              usage_plan,
              customer_name,
            ]),
          [
            ['r1', 'Gold', 'Acme'],
            ['r2', '-', '-'],
          ],
        );
      },
    },
    {
      title: 'what does not fit into a response goes back into the stream, and none is lost',
      async check() {
        const sent = Array.from({ length: 12 }, (_, id) => line(`big-${id}`, 'x'.repeat(700_000)));
        const { records } = await invoke(...sent);

        const delivered = records.filter(({ result }) => result === 'Ok').length;
        const reingest = (await deployment.objects(bucket())).flatMap(
          ({ text }) => text.match(/"requestId":"big-\d+"/g) ?? [],
        ).length;
        assert.ok(delivered > 0 && reingest > 0);
        assert.equal(delivered + reingest, sent.length);
      },
    },
    {
      title: 'an update changes the function, and keeps the bucket',
      async check() {
        const before = bucket();
        resources = deployment.deploy('access-logs', {
          memorySize: '1024',
          usagePlanField: 'plan',
          // Not partitionBy: Firehose refuses to turn it on for a stream that is there.
          extraFields: 'team={key.name}',
        });
        const stack = await deployment.stack('access-logs');
        outputs = stack.outputs;

        assert.equal(stack.status, 'UPDATE_COMPLETE');
        assert.equal(bucket(), before);
        assert.equal((await functionNow()).MemorySize, 1024);
        const { records } = await invoke(line('r3'));
        const data = Buffer.from(records[0]?.data ?? '', 'base64').toString();
        assert.equal(JSON.parse(data).plan, 'Gold');
        assert.equal(JSON.parse(data).team, 'Acme');
      },
    },
    {
      title: 'a second pipeline stands beside the first',
      async check() {
        deployment.deploy('access-logs-orders', { name: 'orders' });

        const second = await deployment.stack('access-logs-orders');
        assert.equal(second.status, 'CREATE_COMPLETE');
        assert.notEqual(second.outputs['BucketName'], bucket());
        assert.equal((await deployment.stack('access-logs')).status, 'UPDATE_COMPLETE');
      },
    },
    {
      title: 'a stage that is there already is attached by the function that was deployed',
      async check() {
        apiId = await deployment.makeStage(before);
        attached = await deployment.deployAttached(apiId, async (deployed) => {
          const custom = Object.keys(deployed).find((id) => isCustom(deployed[id])) ?? '';
          const ids = await deployment.physicalIds('attached', custom);
          const { id: StackId } = await deployment.stack('attached');
          event = {
            RequestId: 'request',
            StackId,
            LogicalResourceId: custom,
            ResourceProperties: resolvedIn(deployed[custom]?.Properties ?? {}, ids),
          };
          // moto would have Docker call the function: this is that call.
          const bundle = await deployment.bundleOf(deployed, 'ExistingStages');
          const create = { ...event, RequestType: 'Create' };
          const answer = await deployment.callResource(bundle, create);
          // moto takes no answer that comes before it has begun to wait for one.
          for (let seconds = 0; seconds < 120; seconds++) {
            await deployment.answer(StackId, answer);
            await new Promise((resolve) => setTimeout(resolve, 1000));
            if ((await deployment.stack('attached')).status !== 'CREATE_IN_PROGRESS') return;
          }
          throw new Error('moto did not take the answer of the custom resource in two minutes');
        });

        assert.equal((await deployment.stack('attached')).status, 'CREATE_COMPLETE');
        const { destinationArn, format } = await deployment.accessLogOf(apiId);
        assert.match(destinationArn ?? '', /:deliverystream\/amazon-apigateway-attached$/);
        assert.match(format ?? '', /identity\.apiKeyId/);
      },
    },
    {
      title: 'and given back what it logged before by a deletion, unless it logs elsewhere by now',
      async check() {
        const bundle = await deployment.bundleOf(attached, 'ExistingStages');
        const call = async (RequestType: string) => {
          const request = { ...event, RequestType, PhysicalResourceId: `${apiId}/prod` };
          const { Status, Reason } = JSON.parse(await deployment.callResource(bundle, request));
          assert.equal(Status, 'SUCCESS', Reason);
        };

        await call('Delete');
        assert.deepEqual(await deployment.accessLogOf(apiId), before);
        await call('Create');
        const elsewhere = { ...before, destinationArn: `${before.destinationArn}-of-others` };
        await deployment.logTo(apiId, elsewhere);
        await call('Delete');
        assert.deepEqual(await deployment.accessLogOf(apiId), elsewhere);
      },
    },
    {
      title: 'both are destroyed, and the logs stay',
      async check() {
        deployment.destroy('access-logs-orders', { name: 'orders' });
        deployment.destroy('access-logs');

        await assert.rejects(deployment.stack('access-logs'), /does not exist/);
        await assert.rejects(functionNow());
        assert.ok((await deployment.objects(bucket())).length > 0);
      },
    },
  ];
}

function isCustom(resource: Resource | undefined): boolean {
  return resource?.Type.startsWith('Custom::') ?? false;
}

/** Properties with references to resources replaced by their physical ids. */
function resolvedIn(
  properties: Resource['Properties'],
  ids: ReadonlyMap<string, string>,
): Record<string, unknown> {
  return JSON.parse(JSON.stringify(properties), (_, value) => {
    const isReference = typeof value === 'object' && typeof value?.Ref === 'string';
    return isReference ? (ids.get(value.Ref) ?? value) : value;
  });
}

/** As test harnesses take it: neither passed nor failed. */
const NOT_RUN = 77;

async function main(): Promise<number> {
  if (!isInstalled()) {
    console.log('not run: there is no moto_server; pip install "moto[server]==5.2.1" brings one');
    return NOT_RUN;
  }
  const emulator = await startEmulator();
  try {
    return await runSteps(stepsOf(new Deployment(emulator)));
  } finally {
    emulator.stop();
    rmSync(work, { recursive: true });
  }
}

main().then((failures) => {
  process.exitCode = failures;
});
