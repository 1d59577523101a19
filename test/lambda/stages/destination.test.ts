import { destinationName, logGroupOf, streamOf } from '../../../lambda/stages/destination';

const LOG_GROUP = 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/apigateway/orders';
const STREAM =
  'arn:aws-us-gov:firehose:us-gov-west-1:123456789012:deliverystream/amazon-apigateway-x';

test('a destination is called by what it is', () => {
  expect(destinationName(STREAM)).toBe('stream amazon-apigateway-x');
  expect(destinationName(`${LOG_GROUP}:*`)).toBe('log group /aws/apigateway/orders');
  expect(destinationName('arn:aws:s3:::bucket')).toBe('arn:aws:s3:::bucket');
  expect(streamOf(LOG_GROUP)).toBeUndefined();
  expect(logGroupOf(STREAM)).toBeUndefined();
});
