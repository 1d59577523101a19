/** A Firehose stream, as it describes itself. */

import { DescribeDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { UsageError } from '../usage-error';
import { clientConfig } from './session';

export interface Stream {
  readonly arn: string;
  /** Where it delivers to, or where it keeps what another destination did not take. */
  readonly bucket: string;
  /** The function that each batch goes through. */
  readonly functionName: string | undefined;
  /** How long records are collected at most. */
  readonly bufferSeconds: number;
  /** The ARN of the customer's key that it encrypts records with; undefined where it has none. */
  readonly keyArn: string | undefined;
}

export async function describeStream(name: string, region?: string): Promise<Stream> {
  const client = new FirehoseClient(clientConfig(region));
  try {
    const { DeliveryStreamDescription: stream } = await client.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
    );
    const [destination] = stream?.Destinations ?? [];
    const http = destination?.HttpEndpointDestinationDescription;
    const own = destination?.ExtendedS3DestinationDescription;
    const s3 = own ?? http?.S3DestinationDescription;
    const { ProcessingConfiguration, BufferingHints } = http ?? own ?? {};
    const { KeyType, KeyARN } = stream?.DeliveryStreamEncryptionConfiguration ?? {};
    const parameters = ProcessingConfiguration?.Processors?.flatMap((one) => one.Parameters ?? []);
    const lambda = parameters?.find(({ ParameterName }) => ParameterName === 'LambdaArn');
    return {
      arn: stream?.DeliveryStreamARN ?? '',
      bucket: (s3?.BucketARN ?? '').replace(/^arn:[^:]+:s3:::/, ''),
      functionName: lambda?.ParameterValue?.split(':')[6],
      bufferSeconds: BufferingHints?.IntervalInSeconds ?? 300,
      keyArn: KeyType === 'CUSTOMER_MANAGED_CMK' ? KeyARN : undefined,
    };
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    throw new UsageError(`there is no stream ${name} in Region ${await client.config.region()}`);
  } finally {
    client.destroy();
  }
}
