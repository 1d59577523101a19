import { Aws } from 'aws-cdk-lib';
import { isOfAccount, principalOf, readPrefixOf } from '../../../lib/bucket/log-reader';

const role = 'arn:aws:iam::444455556666:role/team/billing';

describe('a reader', () => {
  test('may be an account, a role or a user', () => {
    for (const principal of ['111122223333', role, 'arn:aws-cn:iam::444455556666:user/ann']) {
      expect(() => principalOf({ principal })).not.toThrow();
    }
  });

  for (const principal of [
    '',
    '*',
    '12345',
    'arn:aws:iam::444455556666:role/*',
    'arn:aws:iam::*:root',
    'arn:aws:s3:::bucket',
    'logs.amazonaws.com',
  ]) {
    test(`is refused as ${JSON.stringify(principal)}`, () => {
      expect(() => principalOf({ principal })).toThrow(
        `readers: got "${principal}", expected a 12-digit account id, or the ARN of a role or user`,
      );
    });
  }

  test('reads below the prefix of the logs, and its own', () => {
    expect(readPrefixOf({ principal: role }, 'logs/')).toBe('logs/');
    expect(readPrefixOf({ principal: role, prefix: 'customer=a/' }, 'logs/')).toBe(
      'logs/customer=a/',
    );
  });

  // Without its end, `customer=acme` would be `customer=acme2/` too.
  for (const prefix of ['*', 'customer=?/', '/logs', '${aws:username}/', 'customer=acme']) {
    test(`is refused the prefix ${prefix}`, () => {
      expect(() => readPrefixOf({ principal: role, prefix }, 'logs/')).toThrow(
        `readers: got "${prefix}", expected folders of letters`,
      );
    });
  }

  test('is known to be of an account by id and by ARN', () => {
    expect(isOfAccount({ principal: '444455556666' }, '444455556666')).toBe(true);
    expect(isOfAccount({ principal: role }, '444455556666')).toBe(true);
    expect(isOfAccount({ principal: role }, '111122223333')).toBe(false);
  });

  test('is known to be of no account while either is known at deployment only', () => {
    const unresolved = Aws.ACCOUNT_ID;

    expect(isOfAccount({ principal: '444455556666' }, unresolved)).toBe(false);
    expect(isOfAccount({ principal: unresolved }, '444455556666')).toBe(false);
    expect(isOfAccount({ principal: unresolved }, unresolved)).toBe(false);
  });
});
