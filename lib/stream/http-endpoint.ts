import { Duration, Size, Token } from 'aws-cdk-lib';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Output } from '../../lambda/core/settings/settings';
import { checked } from '../props/checked';
import { checkDuration, checkSize } from '../props/measures';

/** What a vendor's side expects, see docs/destinations.md. */
interface Preset {
  readonly name: string;
  readonly output: Output;
  readonly attributes: Readonly<Record<string, string>>;
}

export const endpointPresets = {
  sumologic: { name: 'Sumo Logic', output: 'verbatim', attributes: {} },
  elastic: {
    name: 'Elastic',
    output: 'ecs',
    // Not Elastic's own data stream: its pipeline takes API Gateway's lines only, and sets hardly any
    // ECS field of them.
    attributes: { es_datastream_name: 'logs-apigateway.access-default' },
  },
} as const satisfies Record<string, Preset>;

export type EndpointPreset = keyof typeof endpointPresets;

export const DEFAULT_ENDPOINT_INTERVAL = Duration.seconds(60);

/** An HTTP endpoint that speaks Firehose's contract, instead of the bucket. */
export interface HttpEndpoint {
  /**
   * Where records are posted to.
   *
   * Begins with `https://`. Where the URL itself is the secret, as Sumo Logic's is, hand it over from
   * Secrets Manager: `SecretValue.secretsManager('…').unsafeUnwrap()`.
   */
  readonly url: string;

  /**
   * The access key that Firehose sends along, in a secret `{"api_key": "…"}`.
   *
   * Firehose reads it anew every ten minutes: a rotated key needs no deployment.
   *
   * @default - none
   */
  readonly accessKey?: ISecret;

  /**
   * Sets the output and the attributes to what a vendor expects.
   *
   * @default - none: `output` is as for S3
   */
  readonly preset?: EndpointPreset;

  /**
   * What the console calls the endpoint.
   *
   * @default - the preset's name, `HTTP endpoint` without one
   */
  readonly name?: string;

  /**
   * How much is collected for a request, before compression.
   *
   * Minimum: 1 MiB. Maximum: 64 MiB. Both Sumo Logic and Elastic ask for no more than the default.
   *
   * @default Size.mebibytes(1)
   */
  readonly bufferSize?: Size;

  /**
   * How long is collected for a request.
   *
   * Minimum: 0 seconds. Maximum: 900 seconds.
   *
   * @default Duration.seconds(60)
   */
  readonly bufferInterval?: Duration;

  /**
   * How long Firehose tries again before it puts records under `errors/http-endpoint-failed/`.
   *
   * Minimum: 0 seconds. Maximum: 7200 seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly retryDuration?: Duration;

  /**
   * Sent along with each request, as Firehose's common attributes.
   *
   * At most 50; they win over the preset's.
   *
   * @default - the preset's
   */
  readonly attributes?: Readonly<Record<string, string>>;

  /**
   * What also goes to the bucket: `failed` records only, or `all`.
   *
   * Firehose cannot go back from `all` to `failed`.
   *
   * @default 'failed'
   */
  readonly backup?: 'failed' | 'all';
}

/** The shape of lines that the other side expects; undefined where it does not matter. */
export function outputFor(endpoint: HttpEndpoint | undefined): Output | undefined {
  return endpoint?.preset && endpointPresets[endpoint.preset].output;
}

type Destination = CfnDeliveryStream.HttpEndpointDestinationConfigurationProperty;

/** The part of the stream's destination that belongs to the endpoint. */
export function endpointDestination(
  endpoint: HttpEndpoint,
  roleArn: string,
): Omit<Destination, 's3Configuration'> {
  const { url, accessKey, preset, bufferSize = Size.mebibytes(1) } = endpoint;
  const { bufferInterval = DEFAULT_ENDPOINT_INTERVAL, retryDuration = Duration.minutes(5) } =
    endpoint;
  const defaults: Preset | undefined = preset && endpointPresets[preset];
  if (!Token.isUnresolved(url)) checked('httpEndpoint.url', url, parseEndpointUrl);

  return {
    endpointConfiguration: { url, name: endpoint.name ?? defaults?.name ?? 'HTTP endpoint' },
    secretsManagerConfiguration: accessKey && {
      enabled: true,
      secretArn: accessKey.secretArn,
      roleArn,
    },
    requestConfiguration: {
      contentEncoding: 'GZIP',
      commonAttributes: attributesOf({ ...defaults?.attributes, ...endpoint.attributes }),
    },
    bufferingHints: {
      sizeInMBs: checkSize('httpEndpoint.bufferSize', bufferSize, { min: 1, max: 64 }),
      intervalInSeconds: checkDuration('httpEndpoint.bufferInterval', bufferInterval, {
        min: 0,
        max: 900,
      }),
    },
    retryOptions: {
      durationInSeconds: checkDuration('httpEndpoint.retryDuration', retryDuration, {
        min: 0,
        max: 7200,
      }),
    },
    s3BackupMode: endpoint.backup === 'all' ? 'AllData' : 'FailedDataOnly',
  };
}

/** Firehose itself takes no URL but one with TLS; a name and password in it would be in the template. */
export function parseEndpointUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new Error('a URL that begins with https://, without name and password');
  }
  if (text.length > 1000) throw new Error('at most 1000 characters');
  return text;
}

function attributesOf(attributes: Record<string, string>) {
  const entries = Object.entries(attributes);
  checked('httpEndpoint.attributes', `${entries.length} attributes`, () => {
    if (entries.length > 50) throw new Error('at most 50');
  });
  return entries.map(([attributeName, attributeValue]) => ({ attributeName, attributeValue }));
}
