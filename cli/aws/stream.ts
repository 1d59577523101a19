/** A Firehose stream, as it describes itself. */

import { DescribeDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose';
import { UsageError } from '../usage-error';
import { clientConfig } from './session';

export interface Stream {
  readonly arn: string;
  /** Where it delivers to, or where it keeps what another destination did not take. */
  readonly bucket: string;
}

export async function describeStream(name: string, region?: string): Promise<Stream> {
  const client = new FirehoseClient(clientConfig(region));
  try {
    const { DeliveryStreamDescription: stream } = await client.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
    );
    const [destination] = stream?.Destinations ?? [];
    const s3 =
      destination?.ExtendedS3DestinationDescription ??
      destination?.HttpEndpointDestinationDescription?.S3DestinationDescription;
    return {
      arn: stream?.DeliveryStreamARN ?? '',
      bucket: (s3?.BucketARN ?? '').replace(/^arn:[^:]+:s3:::/, ''),
    };
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    throw new UsageError(`there is no stream ${name} in Region ${await client.config.region()}`);
  } finally {
    client.destroy();
  }
}
