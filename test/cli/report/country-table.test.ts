import { countryOf, packCountries, unpackCountries } from '../../../cli/report/country-table';
import { ipFactsOf } from '../../../cli/report/ip-facts';

const ipv4 = [
  ['1.0.0.0', '1.0.0.255', 'AU'],
  ['1.0.1.0', '1.0.3.255', 'CN'],
  // A network within another one, and one that ends with it.
  ['2.0.0.0', '2.15.255.255', 'FR'],
  ['2.1.0.0', '2.1.0.255', 'DE'],
  ['2.15.0.0', '2.15.255.255', 'ES'],
  ['223.0.0.0', '223.255.255.255', 'JP'],
] as const;
const number = (ip: string) => ip.split('.').reduce((all, octet) => all * 256 + Number(octet), 0);
const table = unpackCountries(
  packCountries(
    ipv4.map(([from, to, name]) => `${number(from)},${number(to)},${name}\n`).join(''),
    `${0x2001_0db8n << 96n},${(0x2001_0db9n << 96n) - 1n},NO\n`,
    '2026-06-17',
  ),
);

test('a table knows the day of its data', () => {
  expect(table.date).toBe('2026-06-17');
});

test.each([
  ['0.0.0.0', undefined],
  ['0.255.255.255', undefined],
  ['1.0.0.0', 'AU'],
  ['1.0.0.255', 'AU'],
  ['1.0.1.0', 'CN'],
  ['1.0.4.0', undefined],
  ['2.0.255.255', 'FR'],
  ['2.1.0.0', 'DE'],
  ['2.1.0.255', 'DE'],
  ['2.1.1.0', 'FR'],
  ['2.15.0.0', 'ES'],
  ['2.16.0.0', undefined],
  ['223.255.255.255', 'JP'],
  ['224.0.0.0', undefined],
])('%s is in %s', (ip, country) => {
  expect(countryOf(table, number(ip))).toBe(country);
});

test.each([
  ['1.0.2.3', { country: 'CN', network: '1.0.2.0/24' }],
  ['::ffff:1.0.2.3', { country: 'CN', network: '1.0.2.0/24' }],
  ['2001:db8:85a3::8a2e:370:7334', { country: 'NO', network: '2001:db8:85a3::/48' }],
  ['2001:db8::1', { country: 'NO', network: '2001:db8::/48' }],
  ['2001:DB9::1', { country: undefined, network: '2001:db9::/48' }],
  ['::1', { country: undefined, network: '0::/48' }],
  ['fe80::1%eth0', { country: undefined, network: 'fe80::/48' }],
  ['198.51.100.7', { country: undefined, network: '198.51.100.0/24' }],
  ['1.2.3', undefined],
  ['1.2.3.4:80', undefined],
  ['test-invoke-source-ip', undefined],
  ['', undefined],
])('of %s is known %j', (ip, facts) => {
  expect(ipFactsOf(ip, table)).toEqual(facts);
});
