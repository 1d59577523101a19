/**
 * Where the countries of addresses come from: a file beside the command line in a package; from
 * sources, the data set itself, packed once and kept in the cache.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CountryTable, packCountries, unpackCountries } from './country-table';

/** What a build writes into the folder of the command line. */
export const countriesFile = 'countries.gz';

const DATA_SET = '@ip-location-db/geo-whois-asn-country';

/** The packed table; `cache` is a folder for it where there is none yet. */
export function packedCountries(cache: string, folder = __dirname): Buffer {
  const shipped = join(folder, countriesFile);
  if (existsSync(shipped)) return readFileSync(shipped);
  const data = dirname(require.resolve(`${DATA_SET}/package.json`));
  const date = dateOf(data);
  const kept = join(cache, `countries-${date}.gz`);
  if (existsSync(kept)) return readFileSync(kept);
  const packed = packDataSet(data);
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  writeFileSync(kept, packed);
  return packed;
}

export function loadCountries(cache: string): CountryTable {
  return unpackCountries(packedCountries(cache));
}

/** @param folder the folder of the data set's package */
export function packDataSet(folder = dirname(require.resolve(`${DATA_SET}/package.json`))): Buffer {
  const read = (version: string) =>
    readFileSync(join(folder, `geo-whois-asn-country-${version}-num.csv`), 'utf8');
  return packCountries(read('ipv4'), read('ipv6'), dateOf(folder));
}

/** Its versions end in the day of the data: `2.3.2026061719` has the hour too. */
function dateOf(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const [, year, month, day] = /\.(\d{4})(\d\d)(\d\d)\d*$/.exec(version) ?? [];
  return [year, month, day].join('-');
}
