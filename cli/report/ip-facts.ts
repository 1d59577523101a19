/** The network of an IP address, and the country it is registered in. */

import { isIPv4, isIPv6 } from 'node:net';
import { type CountryTable, countryOf } from './country-table';

export interface IpFacts {
  readonly network: string;
  readonly country: string | undefined;
}

/** Undefined for what is not an IP address. */
export function ipFactsOf(ip: string, countries: CountryTable): IpFacts | undefined {
  if (isIPv4(ip)) return factsOfIpv4(ip, countries);
  if (!isIPv6(ip)) return undefined;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped) return factsOfIpv4(mapped, countries);
  const groups = groupsOf(ip);
  const first64 = groups.slice(0, 4).reduce((all, group) => (all << 16n) | BigInt(group), 0n);
  const network = groups.slice(0, 3).map((group) => group.toString(16));
  while (network.length > 1 && network.at(-1) === '0') network.pop();
  return { network: `${network.join(':')}::/48`, country: countryOf(countries, first64) };
}

function factsOfIpv4(ip: string, countries: CountryTable): IpFacts {
  const octets = ip.split('.').map(Number);
  const address = octets.reduce((all, octet) => all * 256 + octet, 0);
  return {
    network: `${octets.slice(0, 3).join('.')}.0/24`,
    country: countryOf(countries, address),
  };
}

/** The eight numbers of an IPv6 address. A zone after `%` does not change them. */
function groupsOf(ip: string): number[] {
  const [head = '', tail] = ip.replace(/%.*$/, '').split('::');
  const before = numbersOf(head);
  const after = tail === undefined ? [] : numbersOf(tail);
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function numbersOf(part: string): number[] {
  return part.split(':').flatMap((group) => {
    if (group === '') return [];
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
