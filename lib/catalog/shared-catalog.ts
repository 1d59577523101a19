import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  ACCOUNT_EVENT_SOURCE,
  ACCOUNT_EVENT_TYPE,
  accountEvents,
} from '../../lambda/core/catalog/account-events';
import { templatesIn, wantedDetails } from '../../lambda/core/catalog/customer';
import { PIPELINE_NAME_VARIABLE } from '../../lambda/core/metrics';
import { environmentOf, type Settings, settingsTable } from '../../lambda/core/settings/settings';
import { functionCode } from '../functions/function-code';
import { allowReadingApiKeys, allowReadingUsagePlans } from '../functions/usage-plan-reader';
import { acknowledge, acknowledgeInlinePolicy, acknowledgeLogEncryption } from '../nag/acknowledge';

export interface SharedCatalogOptions {
  /**
   * How often the usage plans are read whether or not an event reported a change.
   *
   * Events are best effort, and need a trail. Minimum: 1 minute. Maximum: 1 hour.
   *
   * @default Duration.minutes(15)
   */
  readonly catalogSchedule?: Duration;
}

export interface SharedCatalogProps extends SharedCatalogOptions {
  /** The pipeline's name: the service in the crawler's logs, the dimension of its metrics. */
  readonly name: string;
  /** Where the snapshot is kept, under `_catalog/`, beside the logs and not among them. */
  readonly bucket: IBucket;
  /** The enrichment's settings: what it delivers decides what the crawler reads. */
  readonly settings: Partial<Settings>;
  /**
   * Of the crawler's processor.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;
  /**
   * How long the crawler's log is kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}

/** Log queries look under `logs/`. */
const SNAPSHOT_KEY = '_catalog/usage-plans.json.gz';
const TIMEOUT = Duration.minutes(5);
/** One group for all messages: while a batch of it is processed, SQS hands out no other. */
const MESSAGE_GROUP = 'catalog';

/** One snapshot of the account's usage plans for all containers, and the function that keeps it. */
export class SharedCatalog extends Construct {
  /** Reads the usage plans and writes the snapshot. */
  readonly crawler: LambdaFunction;
  /** The messages to the crawler: changes, missing keys, and when to read everything. */
  readonly queue: Queue;
  /** Messages that the crawler failed at, three times. */
  readonly deadLetters: Queue;
  readonly #bucket: IBucket;
  readonly #settings: Partial<Settings>;
  /** Templates of the other pipelines that read the snapshot. */
  readonly #templates = new Set<string>();
  readonly #role: Role;
  #mayReadApiKeys: boolean;

  constructor(scope: Construct, id: string, props: SharedCatalogProps) {
    super(scope, id);
    this.#bucket = props.bucket;
    this.#settings = props.settings;
    this.#mayReadApiKeys = wantedDetails(templatesIn(props.settings)).isListOfKeys;
    this.#role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const { catalogSchedule = Duration.minutes(15) } = props;
    checkSchedule(catalogSchedule);

    this.deadLetters = new Queue(this, 'DeadLetters', {
      fifo: true,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      fifo: true,
      // EventBridge sets no deduplication ids.
      contentBasedDeduplication: true,
      // EventBridge may not use a customer's key, or SQS's own in KMS.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // A burst of changes is over, or has got far, when it is read: the rest is found done.
      deliveryDelay: Duration.seconds(2),
      visibilityTimeout: TIMEOUT,
      // What could not be done in an hour is done by the schedule.
      retentionPeriod: Duration.hours(1),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 3 },
    });

    this.crawler = this.#crawlerOf(props);
    this.crawler.addEventSource(
      new SqsEventSource(this.queue, { batchSize: 10, reportBatchItemFailures: true }),
    );

    const target = new SqsQueue(this.queue, { messageGroupId: MESSAGE_GROUP });
    new Rule(this, 'Changes', {
      description: 'Changes of usage plans and API keys, which a trail has to record',
      eventPattern: {
        source: [ACCOUNT_EVENT_SOURCE],
        detailType: [ACCOUNT_EVENT_TYPE],
        detail: {
          eventSource: ['apigateway.amazonaws.com'],
          eventName: [...accountEvents.keys()],
        },
      },
      targets: [target],
    });
    new Rule(this, 'Schedule', {
      description: 'Usage plans are read whether or not an event reported a change',
      schedule: Schedule.rate(catalogSchedule),
      targets: [target],
    });
    this.#acknowledgeFindings();
  }

  /**
   * Has a function read the snapshot, and ask the crawler for what it misses.
   *
   * What the function's templates name of keys and plans is read for it, too.
   */
  connect(reader: LambdaFunction, settings: Partial<Settings> = {}): void {
    this.#readFor(settings);
    const { sharedCatalogLocation, sharedCatalogQueueUrl } = settingsTable;
    reader.addEnvironment(sharedCatalogLocation.variable, this.#location);
    reader.addEnvironment(sharedCatalogQueueUrl.variable, this.queue.queueUrl);
    reader.addToRolePolicy(
      new PolicyStatement({
        sid: 'ReadSharedCatalog',
        actions: ['s3:GetObject'],
        resources: [this.#bucket.arnForObjects(SNAPSHOT_KEY)],
      }),
    );
    this.#allowToTellMissingFromDenied(reader);
    this.#bucket.encryptionKey?.grantDecrypt(reader);
    reader.addToRolePolicy(this.#mayTellCrawler('AskCrawler'));
  }

  #readFor(settings: Partial<Settings>): void {
    const own = new Set(templatesIn(this.#settings));
    const others = templatesIn(settings).filter((template) => !own.has(template));
    if (others.length === 0) return;
    for (const template of others) this.#templates.add(template);
    const isDetailed = wantedDetails([...this.#templates]).isListOfKeys;
    if (isDetailed && !this.#mayReadApiKeys) allowReadingApiKeys(this.#role);
    this.#mayReadApiKeys ||= isDetailed;
    const { variable, write = String } = settingsTable.sharedCatalogTemplates;
    this.crawler.addEnvironment(variable, write([...this.#templates]));
  }

  get #location(): string {
    return `s3://${this.#bucket.bucketName}/${SNAPSHOT_KEY}`;
  }

  #mayTellCrawler(sid: string): PolicyStatement {
    const resources = [this.queue.queueArn];
    return new PolicyStatement({ sid, actions: ['sqs:SendMessage'], resources });
  }

  #crawlerOf(props: SharedCatalogProps): LambdaFunction {
    const logGroup = new LogGroup(this, 'LogGroup', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = this.#role;
    logGroup.grantWrite(role);
    allowReadingUsagePlans(role, props.settings);
    role.addToPolicy(
      new PolicyStatement({
        sid: 'KeepSharedCatalog',
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [this.#bucket.arnForObjects(SNAPSHOT_KEY)],
      }),
    );

    // A sweep is made in parts: what is left of it goes back into the queue.
    role.addToPolicy(this.#mayTellCrawler('PutBackRest'));

    const crawler = new LambdaFunction(this, 'Function', {
      description: `Keeps the shared catalog of usage plans (${props.name})`,
      code: functionCode('crawler'),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: props.architecture ?? Architecture.ARM_64,
      memorySize: 512,
      timeout: TIMEOUT,
      environment: {
        ...environmentOf(crawlerSettings(props.settings)),
        [settingsTable.sharedCatalogLocation.variable]: this.#location,
        [settingsTable.sharedCatalogQueueUrl.variable]: this.queue.queueUrl,
        [PIPELINE_NAME_VARIABLE]: props.name,
      },
      role,
      logGroup,
      loggingFormat: LoggingFormat.TEXT,
    });
    this.#allowToTellMissingFromDenied(crawler);
    this.#bucket.encryptionKey?.grantEncryptDecrypt(crawler);
    acknowledgeInlinePolicy(role);
    acknowledgeLogEncryption(
      logGroup,
      'The crawler logs counts and causes, no names of customers.',
    );
    return crawler;
  }

  #acknowledgeFindings(): void {
    const { crawler, deadLetters } = this;
    acknowledge(this, 'The schedule finds whatever an event that got lost would have told.', [
      'Serverless-EventBusDLQ',
    ]);
    acknowledge(deadLetters, 'It is itself where failed messages end.', [
      'Serverless-SQSRedrivePolicy',
    ]);
    acknowledge(this, 'Messages that it fails at go from the queue to a dead-letter queue.', [
      'NIST.800.53.R5-LambdaDLQ',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaEventSourceMappingDestination',
    ]);
    acknowledge(crawler, 'The queue has one message group: one crawler runs at a time.', [
      'NIST.800.53.R5-LambdaConcurrency',
    ]);
    acknowledge(crawler, 'It talks to API Gateway, S3 and SQS only, public endpoints with TLS.', [
      'NIST.800.53.R5-LambdaInsideVPC',
    ]);
    acknowledge(crawler, 'It makes one call after another, and counts and times them in metrics.', [
      'Serverless-LambdaTracing',
    ]);
  }

  /** To a role that may not list the bucket, S3 answers "denied" for an object that is not there. */
  #allowToTellMissingFromDenied(reader: LambdaFunction): void {
    reader.addToRolePolicy(
      new PolicyStatement({
        sid: 'TellMissingFromDenied',
        actions: ['s3:ListBucket'],
        resources: [this.#bucket.bucketArn],
      }),
    );
  }
}

/** The settings of the enrichment that the crawler goes by, too. */
function crawlerSettings(settings: Partial<Settings>): Partial<Settings> {
  const { customerName, extraFields, catalogGraceSeconds } = settings;
  return { customerName, extraFields, catalogGraceSeconds } as Partial<Settings>;
}

function checkSchedule(schedule: Duration): void {
  const minutes = schedule.toMinutes({ integral: false });
  if (minutes < 1 || minutes > 60) {
    throw new Error(`catalogSchedule: got ${minutes} minutes, expected 1 to 60 minutes`);
  }
}
