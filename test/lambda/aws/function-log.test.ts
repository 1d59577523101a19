import { functionLog } from '../../../lambda/aws/function-log';
import { written } from '../../support/written';

const log = functionLog('orders');

test('a line of JSON with level, time and pipeline, however many lines its message has', () => {
  const [line, ...others] = written(() => log.warn('one\ntwo', { records: 3 }));

  expect(others).toEqual([]);
  expect(line?.indexOf('\n')).toBe((line?.length ?? 0) - 1);
  expect(JSON.parse(line as string)).toEqual({
    level: 'WARN',
    message: 'one\ntwo',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    service: 'orders',
    records: 3,
  });
});

test('an error is told with its kind, its place and what caused it', () => {
  const error = new TypeError('no answer', { cause: new Error('connection reset') });

  const [line] = written(() => log.error('usage plans not read', { error }));

  expect(JSON.parse(line as string).error).toEqual({
    name: 'TypeError',
    message: 'no answer',
    stack: expect.stringContaining('function-log.test'),
    cause: expect.objectContaining({ name: 'Error', message: 'connection reset' }),
  });
});

test.each([
  ['a text', 'denied', 'denied'],
  ['nothing', undefined, undefined],
  ['a large number', 2n ** 64n, '18446744073709551616'],
])('what was thrown may be %s', (_, thrown, told) => {
  const [line] = written(() => log.error('batch failed', { error: thrown }));

  expect(JSON.parse(line as string).error).toEqual(told);
});
