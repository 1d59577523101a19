/** A Firehose on a loopback port that speaks the service's wire protocol for PutRecordBatch. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface PutRecordBatchRequest {
  readonly DeliveryStreamName: string;
  readonly Records: readonly { readonly Data: string }[];
}

export interface FirehoseServer {
  readonly url: string;
  readonly requests: readonly PutRecordBatchRequest[];
  /** The base64 data of what was accepted, in order. */
  readonly accepted: readonly string[];
  close(): Promise<void>;
}

export interface FirehoseServerOptions {
  /** The one that there is to describe. */
  readonly stream?: { readonly arn: string; readonly bucket: string; readonly keyArn?: string };
  /** Whether to refuse a record of a call, counted from 0, as an overloaded stream does. */
  readonly refuses?: (call: number, position: number) => boolean;
  /** Answers a call with this error instead. */
  readonly failsWith?: { readonly status: number; readonly type: string };
}

export async function startFirehose(options: FirehoseServerOptions = {}): Promise<FirehoseServer> {
  const requests: PutRecordBatchRequest[] = [];
  const accepted: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const reply = (status: number, body: unknown, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers });
      response.end(JSON.stringify(body));
    };
    const target = request.headers['x-amz-target'];
    if (target === 'Firehose_20150804.DescribeDeliveryStream') {
      const { DeliveryStreamName: name } = JSON.parse(Buffer.concat(chunks).toString());
      if (!options.stream?.arn.endsWith(`deliverystream/${name}`)) {
        return reply(400, {
          __type: 'ResourceNotFoundException',
          message: `Firehose ${name} not found`,
        });
      }
      const { arn, bucket, keyArn } = options.stream;
      const lambdaArn = 'arn:aws:lambda:eu-west-1:123456789012:function:enrich:$LATEST';
      const s3 = {
        BucketARN: `arn:aws:s3:::${bucket}`,
        RoleARN: 'arn:aws:iam::123456789012:role/x',
        BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64 },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'Lambda',
              Parameters: [{ ParameterName: 'LambdaArn', ParameterValue: lambdaArn }],
            },
          ],
        },
      };
      return reply(200, {
        DeliveryStreamDescription: {
          DeliveryStreamName: name,
          DeliveryStreamARN: arn,
          DeliveryStreamStatus: 'ACTIVE',
          DeliveryStreamType: 'DirectPut',
          HasMoreDestinations: false,
          VersionId: '1',
          DeliveryStreamEncryptionConfiguration: {
            Status: 'ENABLED',
            ...(keyArn
              ? { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: keyArn }
              : { KeyType: 'AWS_OWNED_CMK' }),
          },
          Destinations: [
            { DestinationId: 'destinationId-1', ExtendedS3DestinationDescription: s3 },
          ],
        },
      });
    }
    if (target !== 'Firehose_20150804.PutRecordBatch') {
      return reply(400, { __type: 'UnknownOperationException' });
    }
    const body: PutRecordBatchRequest = JSON.parse(Buffer.concat(chunks).toString());
    const sizes = body.Records.map(({ Data }) => Buffer.byteLength(Data, 'base64'));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (sizes.length > 500 || total > 4_194_304 || sizes.some((size) => size > 1_024_000)) {
      return reply(400, { __type: 'InvalidArgumentException', message: 'over a limit' });
    }
    if (options.failsWith) {
      const { status, type } = options.failsWith;
      return reply(status, { __type: type, message: 'made to fail' }, { 'x-amzn-errortype': type });
    }
    const call = requests.push(body) - 1;
    const results = body.Records.map(({ Data }, position) => {
      if (options.refuses?.(call, position)) {
        return { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };
      }
      accepted.push(Data);
      return { RecordId: `id-${accepted.length}` };
    });
    const failed = results.filter((result) => 'ErrorCode' in result).length;
    reply(200, { FailedPutCount: failed, Encrypted: true, RequestResponses: results });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    accepted,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
