import { endpointOf, type SignedService } from '../../../lambda/aws/endpoint';

const fips = { AWS_USE_FIPS_ENDPOINT: 'true' };
const dual = { AWS_USE_DUALSTACK_ENDPOINT: 'true' };

const endpoints: { service: SignedService; region: string; environment: object; url: string }[] = [
  {
    service: 's3',
    region: 'eu-west-1',
    environment: {},
    url: 'https://s3.eu-west-1.amazonaws.com/',
  },
  {
    service: 's3',
    region: 'us-gov-west-1',
    environment: fips,
    url: 'https://s3-fips.us-gov-west-1.amazonaws.com/',
  },
  {
    service: 's3',
    region: 'us-east-1',
    environment: { ...fips, ...dual },
    url: 'https://s3-fips.dualstack.us-east-1.amazonaws.com/',
  },
  {
    service: 'firehose',
    region: 'cn-north-1',
    environment: {},
    url: 'https://firehose.cn-north-1.amazonaws.com.cn/',
  },
  {
    service: 'firehose',
    region: 'us-east-1',
    environment: { ...fips, ...dual },
    url: 'https://firehose-fips.us-east-1.api.aws/',
  },
  {
    service: 'sqs',
    region: 'us-east-1',
    environment: fips,
    url: 'https://sqs-fips.us-east-1.amazonaws.com/',
  },
  {
    service: 'sqs',
    region: 'us-gov-east-1',
    environment: fips,
    url: 'https://sqs.us-gov-east-1.amazonaws.com/',
  },
  { service: 'sqs', region: 'eu-west-1', environment: dual, url: 'https://sqs.eu-west-1.api.aws/' },
  {
    service: 'sqs',
    region: 'eu-west-1',
    environment: { ...fips, AWS_ENDPOINT_URL: 'http://localhost:4566' },
    url: 'http://localhost:4566/',
  },
  {
    service: 'sqs',
    region: 'eu-west-1',
    environment: {
      AWS_ENDPOINT_URL: 'http://localhost:1',
      AWS_ENDPOINT_URL_SQS: 'http://localhost:2',
    },
    url: 'http://localhost:2/',
  },
];

for (const { service, region, environment, url } of endpoints) {
  test(`${service} in ${region} with ${Object.keys(environment).join() || 'nothing set'}: ${url}`, () => {
    expect(endpointOf(service, region, { ...environment }).href).toBe(url);
  });
}
