import { requiredVariable } from '../../../lambda/aws/required-variable';

afterEach(() => {
  delete process.env['DATABASE'];
});

test('gives what the stack has set', () => {
  process.env['DATABASE'] = 'orders';

  expect(requiredVariable('DATABASE')).toBe('orders');
});

test('names a variable that is not set', () => {
  expect(() => requiredVariable('DATABASE')).toThrow('DATABASE: got nothing, expected a text');
});
