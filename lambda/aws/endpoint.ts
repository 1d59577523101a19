import { partition } from '@aws-sdk/core/client';

export type SignedService = 's3' | 'sqs' | 'firehose';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where calls of a service go that no client of the SDK makes: what the environment names, by the
 * variables that the SDK's clients go by, or the service's own address in the Region
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html).
 */
export function endpointOf(service: SignedService, region: string, environment: Environment): URL {
  const named =
    environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || environment['AWS_ENDPOINT_URL'];
  if (named) return new URL(named);
  const isFips = environment['AWS_USE_FIPS_ENDPOINT'] === 'true';
  const isDualStack = environment['AWS_USE_DUALSTACK_ENDPOINT'] === 'true';
  const { name, dnsSuffix, dualStackDnsSuffix } = partition(region);
  // In GovCloud the queues' usual address is the FIPS one.
  const hasOwnFips = !(service === 'sqs' && name === 'aws-us-gov' && !isDualStack);
  const host = isFips && hasOwnFips ? `${service}-fips` : service;
  // S3 had two stacks before all others had a domain for that.
  if (service === 's3' && isDualStack) {
    return new URL(`https://${host}.dualstack.${region}.${dnsSuffix}`);
  }
  return new URL(`https://${host}.${region}.${isDualStack ? dualStackDnsSuffix : dnsSuffix}`);
}
