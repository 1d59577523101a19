import { Duration, SecretValue, Size, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  endpointDestination,
  type HttpEndpoint,
  outputFor,
} from '../../../lib/stream/http-endpoint';

const url = 'https://ingest.example.com/firehose';
const roleArn = 'arn:aws:iam::111122223333:role/delivery';
const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf';

function destination(endpoint: Partial<HttpEndpoint> = {}) {
  return endpointDestination({ url, ...endpoint }, roleArn);
}

describe('an HTTP endpoint', () => {
  test('gets compressed requests of a MiB or a minute, for five minutes', () => {
    expect(destination()).toMatchObject({
      endpointConfiguration: { url, name: 'HTTP endpoint' },
      requestConfiguration: { contentEncoding: 'GZIP', commonAttributes: [] },
      bufferingHints: { sizeInMBs: 1, intervalInSeconds: 60 },
      retryOptions: { durationInSeconds: 300 },
    });
  });

  test('gets what it is told to', () => {
    const endpoint = {
      name: 'Ours',
      bufferSize: Size.mebibytes(8),
      bufferInterval: Duration.seconds(0),
      retryDuration: Duration.hours(2),
      attributes: { team: 'orders' },
    };

    expect(destination(endpoint)).toMatchObject({
      endpointConfiguration: { name: 'Ours' },
      requestConfiguration: {
        commonAttributes: [{ attributeName: 'team', attributeValue: 'orders' }],
      },
      bufferingHints: { sizeInMBs: 8, intervalInSeconds: 0 },
      retryOptions: { durationInSeconds: 7200 },
    });
  });

  test('leaves its access key in Secrets Manager', () => {
    const accessKey = Secret.fromSecretCompleteArn(new Stack(), 'Key', secretArn);

    expect(destination({ accessKey })).toMatchObject({
      secretsManagerConfiguration: { enabled: true, secretArn, roleArn },
    });
    expect(destination({ accessKey }).endpointConfiguration).not.toHaveProperty('accessKey');
  });

  test('gives the bucket what it does not take, or all', () => {
    expect(destination().s3BackupMode).toBe('FailedDataOnly');
    expect(destination({ backup: 'all' }).s3BackupMode).toBe('AllData');
  });

  test('may keep its URL in Secrets Manager', () => {
    const secretUrl = SecretValue.secretsManager('sumo').unsafeUnwrap();

    expect(() => destination({ url: secretUrl })).not.toThrow();
  });

  const refused: { endpoint: Partial<HttpEndpoint>; message: string }[] = [
    {
      endpoint: { url: 'http://ingest.example.com' },
      message:
        'httpEndpoint.url: got "http://ingest.example.com", expected a URL that begins with https://',
    },
    {
      endpoint: { url: 'ingest.example.com' },
      message: 'httpEndpoint.url: got "ingest.example.com", expected a URL that begins with https',
    },
    {
      endpoint: { url: 'https://ann:secret@example.com' },
      message: 'without name and password',
    },
    { endpoint: { url: `https://x.y/${'z'.repeat(1000)}` }, message: 'at most 1000 characters' },
    {
      endpoint: { bufferSize: Size.mebibytes(65) },
      message: 'httpEndpoint.bufferSize: got "65 MiB", expected whole MiB from 1 to 64',
    },
    {
      endpoint: { bufferInterval: Duration.minutes(16) },
      message:
        'httpEndpoint.bufferInterval: got "960 seconds", expected whole seconds from 0 to 900',
    },
    {
      endpoint: { retryDuration: Duration.hours(3) },
      message: 'httpEndpoint.retryDuration: got "10800 seconds"',
    },
    {
      endpoint: {
        attributes: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`a${i}`, ''])),
      },
      message: 'httpEndpoint.attributes: got "51 attributes", expected at most 50',
    },
  ];
  for (const { endpoint, message } of refused) {
    test(`is refused with ${JSON.stringify(endpoint).slice(0, 60)}`, () => {
      expect(() => destination(endpoint)).toThrow(message);
    });
  }
});

describe('a preset', () => {
  test('names the vendor', () => {
    expect(destination({ preset: 'sumologic' }).endpointConfiguration).toMatchObject({
      name: 'Sumo Logic',
    });
  });

  test('sends Elastic to a data stream of its own, unless told otherwise', () => {
    const attributesOf = (attributes?: Record<string, string>) =>
      destination({ preset: 'elastic', attributes }).requestConfiguration;

    expect(attributesOf()).toMatchObject({
      commonAttributes: [
        { attributeName: 'es_datastream_name', attributeValue: 'logs-apigateway.access-default' },
      ],
    });
    expect(attributesOf({ es_datastream_name: 'logs-x-y' })).toMatchObject({
      commonAttributes: [{ attributeName: 'es_datastream_name', attributeValue: 'logs-x-y' }],
    });
  });

  test('sets the shape of lines, which none leaves as it is', () => {
    expect(outputFor({ url, preset: 'sumologic' })).toBe('verbatim');
    expect(outputFor({ url, preset: 'elastic' })).toBe('ecs');
    expect(outputFor({ url })).toBeUndefined();
    expect(outputFor(undefined)).toBeUndefined();
  });
});
