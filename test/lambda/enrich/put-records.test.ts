import type { SignedRequest, SignedResponse } from '../../../lambda/aws/signed-request';
import { putRecordsBy } from '../../../lambda/enrich/put-records';

/** Puts two pieces where the service answers as told. */
async function put(given: {
  region?: string;
  environment?: Record<string, string>;
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}) {
  const { region = 'eu-west-1', environment = {}, status = 200, headers = {} } = given;
  const body = Buffer.from(given.body ?? '{"RequestResponses":[{"RecordId":"1"},{}]}');
  const requests: SignedRequest[] = [];
  const send = async (request: SignedRequest): Promise<SignedResponse> => {
    requests.push(request);
    return { status, headers, body };
  };
  const putRecords = putRecordsBy({ send, region: async () => region, environment });
  const answers = await putRecords('amazon-apigateway-orders', ['YQ==', 'Yg==']);
  return { answers, request: requests[0] as SignedRequest };
}

test('sends pieces as they are, and gives an answer for each', async () => {
  const { answers, request } = await put({});

  expect(JSON.parse(request.body ?? '')).toEqual({
    DeliveryStreamName: 'amazon-apigateway-orders',
    Records: [{ Data: 'YQ==' }, { Data: 'Yg==' }],
  });
  expect(answers).toEqual([{ RecordId: '1' }, {}]);
});

const endpoints: { region: string; environment?: Record<string, string>; url: string }[] = [
  { region: 'eu-west-1', url: 'https://firehose.eu-west-1.amazonaws.com/' },
  { region: 'cn-north-1', url: 'https://firehose.cn-north-1.amazonaws.com.cn/' },
  { region: 'us-gov-west-1', url: 'https://firehose.us-gov-west-1.amazonaws.com/' },
  { region: 'us-iso-east-1', url: 'https://firehose.us-iso-east-1.c2s.ic.gov/' },
  {
    region: 'us-east-1',
    environment: { AWS_USE_FIPS_ENDPOINT: 'true' },
    url: 'https://firehose-fips.us-east-1.amazonaws.com/',
  },
  {
    region: 'eu-west-1',
    environment: { AWS_ENDPOINT_URL: 'http://localhost:1' },
    url: 'http://localhost:1/',
  },
  {
    region: 'eu-west-1',
    environment: { AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_FIREHOSE: 'http://b' },
    url: 'http://b/',
  },
];
test.each(endpoints)('calls $url', async ({ url, ...given }) => {
  const { request } = await put(given);

  expect(request.url.href).toBe(url);
});

const refusals = [
  {
    answer: { status: 400, body: '{"__type":"com.amazonaws#ResourceNotFoundException"}' },
    error: { name: 'ResourceNotFoundException', message: 'the stream answered 400' },
  },
  {
    answer: {
      status: 400,
      headers: { 'x-amzn-errortype': 'LimitExceededException:http://amazon.com/' },
      body: '{"Message":"too much"}',
    },
    error: { name: 'LimitExceededException', message: 'too much' },
  },
  {
    answer: { status: 502, body: '<html>' },
    error: { name: 'Error', message: 'the stream answered 502' },
  },
];
test.each(refusals)('rejects with $error.name and $error.message', async ({ answer, error }) => {
  await expect(put(answer)).rejects.toMatchObject(error);
});
