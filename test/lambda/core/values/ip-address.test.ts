import { isIP } from 'node:net';
import fc from 'fast-check';
import { isIpAddress, isIpv4At } from '../../../../lambda/core/values/ip-address';
import { fuzzRuns } from '../../../support/fuzz-runs';

describe('isIpAddress', () => {
  const addresses = [
    '203.0.113.7',
    '0.0.0.0',
    '2001:db8::1',
    '::',
    '::1',
    '1::',
    '::ffff:192.0.2.1',
  ];
  for (const text of [...addresses, '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:192.0.2.1', '2001:DB8::A']) {
    test(`takes ${text}`, () => {
      expect(isIpAddress(text)).toBe(true);
    });
  }

  const others = [
    '',
    '-',
    'test-invoke-source-ip',
    'AWS Internal',
    '256.0.0.1',
    '01.2.3.4',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.4:443',
    '1.2.3.0/24',
    '1.2.3.4, 5.6.7.8',
    'fe80::1%eth0',
    '[::1]',
    '1::2::3',
    ':1',
    '1:',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2:3:4:5:6:7:8',
    '12345::',
    'g::',
    '192.0.2.1::',
    '::1.2.3.4:5',
  ];
  for (const text of others) {
    test(`refuses "${text}"`, () => {
      expect(isIpAddress(text)).toBe(false);
    });
  }

  test('agrees with Node on whatever looks like an address, zones aside', () => {
    const piece = fc.constantFrom(
      ':',
      '::',
      '.',
      '0',
      '1',
      'a',
      'ffff',
      '12345',
      '255',
      '256',
      '1.2.3.4',
    );
    const text = fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(''));

    fc.assert(
      fc.property(fc.oneof(text, fc.ipV4(), fc.ipV6()), (candidate) => {
        expect([candidate, isIpAddress(candidate)]).toEqual([candidate, isIP(candidate) !== 0]);
      }),
      { numRuns: fuzzRuns(2000) },
    );
  });
});

test('bytes are an IPv4 address where Node takes them for one', () => {
  const octet = fc.oneof(
    fc.nat(300).map(String),
    fc.constantFrom('', '0', '00', '01', '255', '256', '1000', '-1', 'a', ':'),
  );
  const nearly = fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.'));
  fc.assert(
    fc.property(nearly, (text) => {
      expect(isIpv4At(Buffer.from(`"${text}"`), 1, text.length + 1)).toBe(isIP(text) === 4);
    }),
    { numRuns: fuzzRuns(2_000) },
  );
});
