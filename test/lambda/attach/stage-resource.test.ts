import { isDeepStrictEqual } from 'node:util';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import type { FaultyAnswer } from '../../../emulator/control-plane';
import type { CustomResourceEvent } from '../../../lambda/attach/custom-resource';
import {
  changeStage,
  physicalIdOf,
  type StageProperties,
  type StageResourceClients,
} from '../../../lambda/attach/stage-resource';
import {
  attachStage,
  COMMAND_LINE,
  detachStage,
  isAttached,
} from '../../../lambda/stages/attach-stage';
import { attachmentNotes } from '../../../lambda/stages/attachment-notes';
import { readAccessLog } from '../../../lambda/stages/stage-access-log';
import {
  type AwsAccount,
  BUCKET,
  OTHER_BUCKET,
  STREAM_ARN,
  STREAM_NAME,
  startAwsAccount,
} from '../../support/aws-account';
import { fuzzRuns } from '../../support/fuzz-runs';
import { StackEngine } from '../../support/stack-engine';
import { mixedApis, OWN_FORMAT, OWN_GROUP } from '../../support/stages';
import type { AccessLogSettings } from '../../support/stages-api';

const FORMAT = '{"requestId":"$context.requestId"}';
const OWN = { destinationArn: OWN_GROUP, format: OWN_FORMAT };
const ROLE = 'arn:aws:iam::123456789012:role/x';

let account: AwsAccount;
let clients: StageResourceClients;

beforeAll(async () => {
  account = await startAwsAccount({ apis: [], cloudwatchRoleArn: ROLE });
  // Each failure is told, so that all ways to go on from it are tried.
  const config = { region: 'eu-west-1', maxAttempts: 1 };
  clients = {
    rest: new APIGatewayClient(config),
    v2: new ApiGatewayV2Client(config),
    s3: new S3Client(config),
  };
});

beforeEach(() => {
  account.apis.splice(0, account.apis.length, ...mixedApis());
  account.s3.objects.clear();
});

afterAll(() => account.close());

function logOf(apiId: string, stage: string): AccessLogSettings | undefined {
  return account.apis.find(({ id }) => id === apiId)?.stages[stage];
}

function setLog(apiId: string, stage: string, log: AccessLogSettings | undefined): void {
  const api = account.apis.find(({ id }) => id === apiId);
  if (api) api.stages[stage] = log;
}

function restStage(changes: Partial<StageProperties> = {}): StageProperties {
  return {
    ApiId: 'rest1',
    ApiType: 'REST',
    StageName: 'prod',
    DestinationArn: STREAM_ARN,
    Format: FORMAT,
    Bucket: BUCKET,
    StreamName: STREAM_NAME,
    ...changes,
  };
}

const resources = (entries: Record<string, StageProperties>) => new Map(Object.entries(entries));

const engine = (name = 'Platform') =>
  new StackEngine<StageProperties>(name, async (event) => {
    await changeStage(clients, event);
    return physicalIdOf(event.ResourceProperties);
  });

describe('a deployment that fails', () => {
  test('leaves every stage logging where it logged before', async () => {
    const stack = engine();

    const isDeployed = await stack.deploy(
      resources({ Orders: restStage(), Mistyped: restStage({ StageName: 'prd' }) }),
    );

    expect(isDeployed).toBe(false);
    expect(logOf('rest1', 'prod')).toEqual(OWN);
    expect(account.s3.objects.size).toBe(0);
  });

  test('leaves alone a stage that it never got to change', async () => {
    account.controlPlane.fault = ({ method }) =>
      method === 'PATCH' ? { status: 400, errorType: 'BadRequestException' } : undefined;

    await engine().deploy(resources({ Orders: restStage() }));
    account.controlPlane.fault = undefined;

    expect(logOf('rest1', 'prod')).toEqual(OWN);
  });
});

describe('a stage that is taken out of the stack', () => {
  const before: { title: string; log: AccessLogSettings | undefined }[] = [
    { title: 'its log group and its format', log: OWN },
    { title: 'a log group without a format', log: { destinationArn: OWN_GROUP } },
    { title: 'nothing', log: undefined },
  ];
  const stages = [
    { api: 'rest1', name: 'prod', properties: restStage() },
    {
      api: 'http1',
      name: '$default',
      properties: restStage({
        ApiId: 'http1',
        ApiType: 'HTTP',
        StageName: '$default',
        DestinationArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/http',
      }),
    },
  ];
  for (const { title, log } of before) {
    for (const { api, name, properties } of stages) {
      test(`gets back ${title} (${properties.ApiType})`, async () => {
        setLog(api, name, log);
        const stack = engine();
        await stack.deploy(resources({ Orders: properties }));
        expect(logOf(api, name)?.destinationArn).toBe(properties.DestinationArn);

        await stack.deploy(new Map());

        expect(logOf(api, name)).toEqual(log);
      });
    }
  }

  test('is left where somebody has pointed it since', async () => {
    const stack = engine();
    await stack.deploy(resources({ Orders: restStage() }));
    const elsewhere = { destinationArn: `${OWN_GROUP}-new`, format: FORMAT };
    setLog('rest1', 'prod', elsewhere);

    await stack.destroy();

    expect(logOf('rest1', 'prod')).toEqual(elsewhere);
  });

  test('may be gone', async () => {
    const stack = engine();
    await stack.deploy(resources({ Orders: restStage() }));
    account.apis.splice(0, account.apis.length);

    await stack.destroy();

    expect(account.s3.objects.size).toBe(0);
  });

  test('is left as it is where the bucket with the note is gone', async () => {
    const stack = engine();
    await stack.deploy(resources({ Orders: restStage() }));

    await changeStage(clients, {
      RequestType: 'Delete',
      PhysicalResourceId: 'rest1/prod',
      RequestId: 'r',
      ResponseURL: '',
      StackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/Platform/1a2b',
      LogicalResourceId: 'Orders',
      ResourceProperties: restStage({ Bucket: 'no-such-bucket' }),
    });

    expect(logOf('rest1', 'prod')?.destinationArn).toBe(STREAM_ARN);
  });
});

describe('a stage that stays', () => {
  test('keeps logging when its construct gets another id', async () => {
    const stack = engine();
    await stack.deploy(resources({ Orders: restStage() }));

    await stack.deploy(resources({ Renamed: restStage() }));
    expect(logOf('rest1', 'prod')?.destinationArn).toBe(STREAM_ARN);

    await stack.deploy(new Map());
    expect(logOf('rest1', 'prod')).toEqual(OWN);
  });

  test('goes along when the pipeline gets another name, and back when that fails', async () => {
    const stack = engine();
    const other = restStage({ DestinationArn: `${STREAM_ARN}-2`, StreamName: `${STREAM_NAME}-2` });
    await stack.deploy(resources({ Orders: restStage() }));

    await stack.deploy(resources({ Orders: other }), true);
    expect(logOf('rest1', 'prod')?.destinationArn).toBe(STREAM_ARN);

    await stack.deploy(resources({ Orders: other }));
    expect(logOf('rest1', 'prod')?.destinationArn).toBe(`${STREAM_ARN}-2`);

    await stack.destroy();
    expect(logOf('rest1', 'prod')).toEqual(OWN);
    expect(account.s3.objects.size).toBe(0);
  });

  test('goes along when the pipeline gets another bucket, and back when that fails', async () => {
    const stack = engine();
    const other = restStage({ Bucket: OTHER_BUCKET });
    await stack.deploy(resources({ Orders: restStage() }));

    await stack.deploy(resources({ Orders: other }), true);
    await stack.deploy(resources({ Orders: other }));
    expect(logOf('rest1', 'prod')?.destinationArn).toBe(STREAM_ARN);

    await stack.destroy();
    expect(logOf('rest1', 'prod')).toEqual(OWN);
    expect(account.s3.objects.size).toBe(0);
  });

  test('is known again after an update that ended between its note and its change', async () => {
    const stack = engine();
    const other = restStage({ DestinationArn: `${STREAM_ARN}-2`, StreamName: `${STREAM_NAME}-2` });
    await stack.deploy(resources({ Orders: restStage() }));
    account.controlPlane.fault = ({ method }) =>
      method === 'PATCH' ? { status: 500, errorType: 'InternalServerErrorException' } : undefined;
    // The rollback only finds what is so already.
    await stack.deploy(resources({ Orders: other }));
    account.controlPlane.fault = undefined;

    await stack.destroy();

    expect(logOf('rest1', 'prod')).toEqual(OWN);
  });

  test('is given back to the pipeline before, where two share a bucket', async () => {
    const [first, second] = [engine('First'), engine('Second')];
    const other = restStage({ DestinationArn: `${STREAM_ARN}-2`, StreamName: `${STREAM_NAME}-2` });
    await first.deploy(resources({ Orders: restStage() }));
    await second.deploy(resources({ Orders: other }));
    expect(logOf('rest1', 'prod')?.destinationArn).toBe(`${STREAM_ARN}-2`);

    await second.destroy();
    expect(logOf('rest1', 'prod')?.destinationArn).toBe(STREAM_ARN);
    await first.destroy();
    expect(logOf('rest1', 'prod')).toEqual(OWN);
  });
});

describe('a stage that the command line has attached', () => {
  const stage = { apiId: 'rest1', apiType: 'REST', stageName: 'prod' } as const;
  const attacher = () => ({ clients, notes: attachmentNotes(clients.s3, BUCKET) });
  const attach = () =>
    attachStage(attacher(), stage, {
      by: COMMAND_LINE,
      stream: STREAM_NAME,
      to: { destinationArn: STREAM_ARN, format: '$context.requestId' },
    });

  test('stays attached when a stack takes it over and lets go of it', async () => {
    await attach();
    const stack = engine();
    await stack.deploy(resources({ Orders: restStage() }));
    expect(logOf('rest1', 'prod')?.format).toBe(FORMAT);

    await stack.destroy();

    expect(logOf('rest1', 'prod')?.format).toBe('$context.requestId');
  });

  test('is given back what it logged before both, by detach', async () => {
    await attach();
    const stack = engine();
    await stack.deploy(resources({ Orders: restStage() }));

    const note = await attacher().notes.read(stage);
    if (note) await detachStage(attacher(), stage, note);
    expect(logOf('rest1', 'prod')).toEqual(OWN);

    await stack.destroy();
    expect(logOf('rest1', 'prod')).toEqual(OWN);
  });
});

/** All that may happen to three stages, as `fast-check` draws it. */

interface TestStage {
  readonly api: string;
  readonly name: string;
  readonly type: StageProperties['ApiType'];
}

const testStages: readonly TestStage[] = [
  { api: 'rest1', name: 'prod', type: 'REST' },
  { api: 'rest1', name: 'dev', type: 'REST' },
  { api: 'http1', name: '$default', type: 'HTTP' },
];

const outsideLogs: readonly (AccessLogSettings | undefined)[] = [
  undefined,
  OWN,
  { destinationArn: OWN_GROUP },
  { destinationArn: `${OWN_GROUP}-other`, format: OWN_FORMAT },
];

type Step =
  | { readonly do: 'deploy'; readonly template: readonly Row[]; readonly fails: boolean }
  | { readonly do: 'destroy' }
  | { readonly do: 'point elsewhere'; readonly stage: number; readonly log: number }
  | { readonly do: 'attach' | 'detach'; readonly stage: number };

/** Which stage a resource attaches, with which format; the name is the pipeline's. */
interface Row {
  readonly logicalId: number;
  readonly stage: number;
  readonly format: number;
  readonly name: number;
}

type Damage = 'refused' | 'answer lost' | 'died' | 'died after';

interface Accident {
  /** How many calls go well before. */
  readonly after: number;
  readonly damage: Damage;
  /** It happens again when Lambda runs the same event again. */
  readonly again: boolean;
}

const template = fc
  .tuple(
    fc.uniqueArray(fc.record({ logicalId: fc.nat(2), stage: fc.nat(2), format: fc.nat(1) }), {
      maxLength: 3,
      selector: ({ stage }) => stage,
    }),
    fc.nat(1),
  )
  .map(([rows, name]) => {
    const seen = new Set<number>();
    return rows
      .filter(({ logicalId }) => !seen.has(logicalId) && seen.add(logicalId))
      .map((row) => ({ ...row, name }));
  });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('deploy' as const), template, fails: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('destroy' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('point elsewhere' as const),
      stage: fc.nat(2),
      log: fc.nat(outsideLogs.length - 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('attach' as const, 'detach' as const),
      stage: fc.nat(2),
    }),
  },
);

const accident: fc.Arbitrary<Accident> = fc.record({
  after: fc.nat(7),
  again: fc.boolean(),
  damage: fc.constantFrom<Damage>('refused', 'answer lost', 'died', 'died after'),
});

function propertiesOf({ stage, format, name }: Row): StageProperties {
  const { api, name: StageName, type } = testStages[stage] as TestStage;
  const StreamName = `${STREAM_NAME}-${name}`;
  return {
    ApiId: api,
    ApiType: type,
    StageName,
    DestinationArn:
      type === 'REST'
        ? `arn:aws:firehose:eu-west-1:123456789012:deliverystream/${StreamName}`
        : 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/http',
    Format: `${FORMAT} ${format}`,
    Bucket: BUCKET,
    StreamName,
  };
}

/** Lets the calls that an event causes end as the accidents say, one for each event. */
class Misfortune {
  readonly #accidents: (Accident | undefined)[];
  #accident: Accident | undefined;
  #left = 0;
  #isDead = false;

  constructor(accidents: readonly (Accident | undefined)[]) {
    this.#accidents = [...accidents];
  }

  beginEvent(mayFail: boolean): void {
    this.#accident = mayFail ? this.#accidents.shift() : undefined;
    this.#left = this.#accident?.after ?? 0;
    this.#isDead = false;
  }

  beginAgain(): void {
    if (!this.#accident?.again) this.#accident = undefined;
    this.#left = this.#accident?.after ?? 0;
    this.#isDead = false;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** `before` and `after` the call takes effect. */
  strikes(): 'before' | 'after' | undefined {
    if (this.#isDead) return 'before';
    if (!this.#accident || this.#left-- !== 0) return undefined;
    const { damage } = this.#accident;
    this.#isDead = damage === 'died' || damage === 'died after';
    return damage === 'refused' || damage === 'died' ? 'before' : 'after';
  }
}

test('after whatever happens, each stage logs where it did before or where it was told to', async () => {
  const numRuns = fuzzRuns(60);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(outsideLogs.length - 1), { minLength: 3, maxLength: 3 }),
      fc.array(step, { minLength: 1, maxLength: 6 }),
      fc.array(fc.option(accident, { nil: undefined, freq: 1 }), { maxLength: 20 }),
      async (initial, steps, accidents) => {
        account.apis.splice(0, account.apis.length, ...mixedApis());
        account.s3.objects.clear();
        const world = new World(initial, accidents);
        for (const each of steps) await world.take(each);
      },
    ),
    { numRuns },
  );
}, 300_000);

class World {
  /** What others than the pipeline have set last. */
  readonly #outside: (AccessLogSettings | undefined)[];
  readonly #byCommandLine = new Set<number>();
  readonly #misfortune: Misfortune;
  readonly #stack: StackEngine<StageProperties>;

  constructor(initial: readonly number[], accidents: readonly (Accident | undefined)[]) {
    this.#outside = initial.map((log) => outsideLogs[log]);
    for (const [stage, { api, name }] of testStages.entries()) {
      setLog(api, name, this.#outside[stage]);
    }
    this.#misfortune = new Misfortune(accidents);
    this.#stack = new StackEngine('Platform', (event, mayFail) => this.#run(event, mayFail));
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'deploy') await this.#deploy(step);
    else if (step.do === 'destroy') await this.#destroy();
    else if (step.do === 'point elsewhere') this.#pointElsewhere(step);
    else await this.#byHand(step);
    this.#check();
  }

  async #deploy({ template: rows, fails }: Step & { do: 'deploy' }): Promise<void> {
    const before = testStages.map(({ api, name }) => logOf(api, name));
    const told = this.#stack.resources;
    const wanted = new Map(rows.map((row) => [`R${row.logicalId}`, propertiesOf(row)]));
    const isDeployed = await this.#stack.deploy(wanted, fails);
    for (const [stage, { api, name }] of testStages.entries()) {
      const of = (all: Iterable<StageProperties>) =>
        [...all].find(({ ApiId, StageName }) => ApiId === api && StageName === name);
      const now = of(wanted.values());
      const then = of(told.values());
      if (isDeployed && now && JSON.stringify(now) !== JSON.stringify(then)) {
        expect(logOf(api, name)).toEqual(logIn(now));
      }
      // A rollback tells the stage once more what the stack said of it.
      const wasAsTold = !then || isDeepStrictEqual(before[stage], logIn(then));
      if (!isDeployed && wasAsTold) expect(logOf(api, name)).toEqual(before[stage]);
    }
  }

  async #destroy(): Promise<void> {
    await this.#stack.destroy();
    for (const [stage, { api, name }] of testStages.entries()) {
      if (this.#byCommandLine.has(stage)) continue;
      expect(logOf(api, name)).toEqual(this.#outside[stage]);
    }
    if (this.#byCommandLine.size === 0) expect([...account.s3.objects.keys()]).toEqual([]);
  }

  #pointElsewhere({ stage, log }: Step & { do: 'point elsewhere' }): void {
    const { api, name } = testStages[stage] as TestStage;
    this.#outside[stage] = outsideLogs[log];
    setLog(api, name, outsideLogs[log]);
  }

  async #byHand({ do: what, stage }: { do: 'attach' | 'detach'; stage: number }): Promise<void> {
    const { api: apiId, name: stageName, type: apiType } = testStages[stage] as TestStage;
    const notes = attachmentNotes(clients.s3, BUCKET);
    const id = { apiId, apiType, stageName };
    if (what === 'attach') {
      await attachStage({ clients, notes }, id, {
        by: COMMAND_LINE,
        stream: `${STREAM_NAME}-0`,
        to: this.#commandLineLog(stage),
      });
      this.#byCommandLine.add(stage);
      return;
    }
    const note = await notes.read(id);
    const logged = await readAccessLog(clients, id);
    if (note && isAttached(id, note, logged)) await detachStage({ clients, notes }, id, note);
    this.#byCommandLine.delete(stage);
  }

  #commandLineLog(stage: number) {
    const { type } = testStages[stage] as TestStage;
    const { DestinationArn } = propertiesOf({ stage, format: 0, name: 0, logicalId: 0 });
    const destinationArn = type === 'REST' ? DestinationArn : `${DestinationArn}-by-hand`;
    return { destinationArn, format: '$context.requestId' };
  }

  #check(): void {
    for (const [stage, { api, name }] of testStages.entries()) {
      const told = [...this.#stack.resources.values()]
        .filter(({ ApiId, StageName }) => ApiId === api && StageName === name)
        .map(logIn);
      const byHand = this.#byCommandLine.has(stage) ? [this.#commandLineLog(stage)] : [];
      expect([this.#outside[stage], ...told, ...byHand]).toContainEqual(logOf(api, name));
    }
  }

  async #run(
    event: CustomResourceEvent<StageProperties>,
    mayFail: boolean,
  ): Promise<string | undefined> {
    // Lambda runs what died twice again.
    this.#misfortune.beginEvent(mayFail);
    for (let run = 0; run < 3; run++) {
      if (run > 0) this.#misfortune.beginAgain();
      account.controlPlane.fault = (): FaultyAnswer | undefined => {
        const strike = this.#misfortune.strikes();
        if (strike === undefined) return undefined;
        return strike === 'before'
          ? { status: 500, errorType: 'InternalServerErrorException' }
          : { hangUp: 'amid' };
      };
      account.s3.failsWith = () => {
        const strike = this.#misfortune.strikes();
        return strike && (strike === 'before' ? 500 : 'lost');
      };
      try {
        await changeStage(clients, event);
        return physicalIdOf(event.ResourceProperties);
      } catch (error) {
        if (!this.#misfortune.isDead) throw error;
      } finally {
        account.controlPlane.fault = undefined;
        account.s3.failsWith = undefined;
      }
    }
    return undefined;
  }
}

function logIn({ DestinationArn, Format }: StageProperties): AccessLogSettings {
  return { destinationArn: DestinationArn, format: Format };
}
