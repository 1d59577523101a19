import { accessLogOf, isSameLog } from '../../../lambda/stages/access-log';

const LOG_GROUP = 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/apigateway/orders';
const STREAM =
  'arn:aws-us-gov:firehose:us-gov-west-1:123456789012:deliverystream/amazon-apigateway-x';

test('settings without a destination are no log', () => {
  expect(accessLogOf(undefined)).toBeUndefined();
  expect(accessLogOf({ format: '$context.requestId' })).toBeUndefined();
  expect(accessLogOf({ destinationArn: STREAM, format: '' })).toEqual({ destinationArn: STREAM });
});

const pairs: { title: string; a: string; b: string; isSame: boolean }[] = [
  {
    title: 'a log group with and without its `:*`',
    a: `${LOG_GROUP}:*`,
    b: LOG_GROUP,
    isSame: true,
  },
  { title: 'two log groups', a: `${LOG_GROUP}2`, b: LOG_GROUP, isSame: false },
];

for (const { title, a, b, isSame } of pairs) {
  test(`${title} are ${isSame ? 'the same' : 'not the same'}`, () => {
    const logs = [a, b].map((destinationArn) => ({ destinationArn, format: 'f' }));

    expect(isSameLog(logs[0], logs[1])).toBe(isSame);
  });
}

test('logs differ in their format too, and from none at all', () => {
  const log = { destinationArn: STREAM, format: 'f' };

  expect(isSameLog(log, { ...log, format: 'g' })).toBe(false);
  expect(isSameLog(log, undefined)).toBe(false);
  expect(isSameLog(undefined, undefined)).toBe(true);
});
