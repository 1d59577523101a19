/**
 * The country that an IP address is registered in, offline: ranges of addresses as a compact table.
 *
 * The ranges are those of `@ip-location-db/geo-whois-asn-country`, which is in the public domain
 * (CC0-1.0). IPv4 ranges are kept by the address, IPv6 ranges by its first 64 bits, since registries
 * hand out no smaller networks.
 */

import { endianness } from 'node:os';
import { constants, gunzipSync, gzipSync } from 'node:zlib';

/** Where the ranges begin, in order, and the country of each; unassigned addresses have country 0. */
interface Ranges<Starts> {
  readonly starts: Starts;
  readonly countries: Uint8Array;
}

export interface CountryTable {
  /** The day of the data, as `2026-06-17`. */
  readonly date: string;
  /** Two letters each, by number; the first one is empty. */
  readonly names: readonly string[];
  readonly ipv4: Ranges<Uint32Array>;
  readonly ipv6: Ranges<BigUint64Array>;
}

/** The country of an IPv4 address as a number, or of the first 64 bits of an IPv6 address. */
export function countryOf(table: CountryTable, address: number | bigint): string | undefined {
  const name =
    typeof address === 'number'
      ? table.names[table.ipv4.countries[lastUpTo(table.ipv4.starts, address)] ?? 0]
      : table.names[table.ipv6.countries[lastUpTo(table.ipv6.starts, address)] ?? 0];
  return name || undefined;
}

/** The index of the last start that is not above the address; -1 where there is none. */
function lastUpTo(starts: Uint32Array | BigUint64Array, address: number | bigint): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number | bigint) <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Packs the CSV files `start,end,country`, with addresses as whole numbers, into one small file. */
export function packCountries(ipv4Csv: string, ipv6Csv: string, date: string): Buffer {
  const names = [''];
  const numberOf = (name: string) => {
    const known = names.indexOf(name);
    return known >= 0 ? known : names.push(name) - 1;
  };
  const writer = new Writer();
  writeRanges(rangesOf(ipv4Csv, 0n, numberOf), writer);
  writeRanges(rangesOf(ipv6Csv, 64n, numberOf), writer);
  const head = Buffer.from(`${JSON.stringify({ date, names })}\n`);
  return gzipSync(Buffer.concat([head, writer.bytes]), { level: 9 });
}

/**
 * Where a country begins, in order of the addresses; 0 where unassigned addresses begin. A range within
 * another one, which comes after it, counts more.
 */
function rangesOf(csv: string, shift: bigint, numberOf: (name: string) => number) {
  const ranges: { start: bigint; country: number }[] = [];
  const add = (start: bigint, country: number) => {
    if (ranges.at(-1)?.start === start) ranges.pop();
    if (ranges.at(-1)?.country !== country) ranges.push({ start, country });
  };
  /** The ranges that the last address is in, the innermost last. */
  const open: { end: bigint; country: number }[] = [];
  const closeBefore = (start: bigint | undefined) => {
    for (let last = open.pop(); last; last = open.pop()) {
      if (start !== undefined && last.end >= start) {
        open.push(last);
        return;
      }
      while ((open.at(-1)?.end ?? last.end + 1n) <= last.end) open.pop();
      add(last.end + 1n, open.at(-1)?.country ?? 0);
    }
  };
  for (const line of csv.split('\n')) {
    if (line === '') continue;
    const [first = '', last = '', name = ''] = line.split(',');
    const [start, end, country] = [
      BigInt(first) >> shift,
      BigInt(last) >> shift,
      numberOf(name.trim()),
    ];
    closeBefore(start);
    add(start, country);
    open.push({ end, country });
  }
  closeBefore(undefined);
  return ranges;
}

/** Differences of starts, which are small, then countries. */
function writeRanges(ranges: readonly { start: bigint; country: number }[], writer: Writer): void {
  writer.number(BigInt(ranges.length));
  let before = 0n;
  for (const { start } of ranges) {
    writer.number(start - before);
    before = start;
  }
  for (const { country } of ranges) writer.number(BigInt(country));
}

/** The day of a packed table's data. */
export function countriesDateOf(packed: Buffer): string {
  // What comes after the head is not inflated.
  const beginning = packed.subarray(0, MAX_HEAD_BYTES);
  return headOf(gunzipSync(beginning, { finishFlush: constants.Z_SYNC_FLUSH })).date;
}

/** How much of the packed file surely has its head, of a few hundred names. */
const MAX_HEAD_BYTES = 16 * 1024;

function headOf(bytes: Buffer): Pick<CountryTable, 'date' | 'names'> & { end: number } {
  const end = bytes.indexOf('\n');
  return { ...JSON.parse(bytes.toString('utf8', 0, end)), end };
}

export function unpackCountries(packed: Buffer): CountryTable {
  const bytes = gunzipSync(packed);
  const { date, names, end } = headOf(bytes);
  const reader = new Reader(bytes, end + 1);
  const ipv4 = readRanges(reader, 1, (words) => words);
  const ipv6 = readRanges(reader, 2, ({ buffer }) => new BigUint64Array(buffer));
  return { date, names, ipv4, ipv6 };
}

/** @param width of a start, in words of 32 bits */
function readRanges<Starts>(
  reader: Reader,
  width: 1 | 2,
  startsIn: (words: Uint32Array<ArrayBuffer>) => Starts,
): Ranges<Starts> {
  const count = Number(reader.number());
  const words = new Uint32Array(width * count);
  readStarts(reader, words, width);
  const countries = new Uint8Array(count);
  for (let range = 0; range < count; range++) countries[range] = Number(reader.number());
  return { starts: startsIn(words), countries };
}

/** Adds the differences up in two words: big integers are slow, and hardly any difference needs one. */
function readStarts(reader: Reader, words: Uint32Array, width: 1 | 2): void {
  let low = 0;
  let high = 0;
  for (let at = 0; at < words.length; at += width) {
    const difference = reader.number();
    if (typeof difference === 'bigint') {
      low += Number(difference & 0xffff_ffffn);
      high += Number(difference >> 32n);
    } else {
      low += difference % WORD;
      high += Math.floor(difference / WORD);
    }
    if (low >= WORD) {
      low -= WORD;
      high++;
    }
    words[at + (width - 1) * LOW_WORD] = low;
    if (width === 2) words[at + 1 - LOW_WORD] = high;
  }
}

/** Which of two words is the low one of 64 bits. */
const LOW_WORD = endianness() === 'LE' ? 0 : 1;

/** One more than the largest word. */
const WORD = 2 ** 32;

/** Whole numbers in seven bits a byte, the lowest first (LEB128). */
class Writer {
  readonly #bytes: number[] = [];

  number(value: bigint): void {
    let left = value;
    for (; left > 0x7fn; left >>= 7n) this.#bytes.push(Number(left & 0x7fn) | 0x80);
    this.#bytes.push(Number(left));
  }

  get bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }
}

class Reader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** A big integer only where a number could not be exact. */
  number(): number | bigint {
    let value = 0;
    let scale = 1;
    for (let read = 0; read < MAX_EXACT_BYTES; read++) {
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    return BigInt(value) + this.#rest();
  }

  #rest(): bigint {
    let value = 0n;
    for (let shift = BigInt(7 * MAX_EXACT_BYTES); ; shift += 7n) {
      const byte = this.#bytes[this.#at++] as number;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
}

/** The most bytes of seven bits that are exact as a number. */
const MAX_EXACT_BYTES = 7;
