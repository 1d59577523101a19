/**
 * The spellings of a moment in access logs, read strictly: what fits none of them is no time.
 *
 * - CLF's `09/Jun/2023:10:11:12 +0000` (`requestTime`)
 * - seconds or milliseconds since 1970 (`requestTimeEpoch`: HTTP APIs write seconds, others milliseconds)
 * - a certificate's `May 28 12:30:02 2019 GMT`, a day below 10 with a blank in front (`Aug  5`)
 * - ISO 8601 with a time zone
 */

export interface Instant {
  /** Milliseconds since 1970. */
  readonly epochMs: number;
  /** Whether the log has it to the millisecond; to the second otherwise. */
  readonly hasMilliseconds: boolean;
}

export function readTime(text: string): Instant | undefined {
  if (text !== lastText) {
    lastInstant = read(text);
    lastText = text;
  }
  return lastInstant;
}

// Lines that stand next to each other are of the same second, as a rule.
let lastText = '';
let lastInstant: Instant | undefined;

/**
 * `readTime` of a text that stands in bytes, where it is spelled as in nearly all lines: milliseconds
 * since 1970, or CLF's moment of UTC on the day of the one before. Undefined for any other.
 */
export function usualTimeAt(bytes: Uint8Array, start: number, end: number): Instant | undefined {
  if (end - start === EPOCH_LENGTH) return usualEpochAt(bytes, start);
  return end - start === CLF_LENGTH ? usualClfAt(bytes, start) : undefined;
}

const EPOCH_LENGTH = '1795166060861'.length;
const CLF_LENGTH = '20/Nov/2026:09:14:20 +0000'.length;
const DATE_LENGTH = '20/Nov/2026:'.length;
const ZONE = Buffer.from(' +0000');
const ZONE_START = CLF_LENGTH - ZONE.length;

let lastEpoch: Instant = { epochMs: 0, hasMilliseconds: true };
let lastClf: Instant = { epochMs: 0, hasMilliseconds: false };
/** The day that was read last: `20/Nov/2026:`, and its first moment. */
let dateBytes = Buffer.alloc(DATE_LENGTH);
let dateStart = 0;

function usualEpochAt(bytes: Uint8Array, start: number): Instant | undefined {
  let number = 0;
  for (let at = start; at < start + EPOCH_LENGTH; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  if (number < FIRST_MILLISECONDS) return undefined;
  if (number !== lastEpoch.epochMs) lastEpoch = { epochMs: number, hasMilliseconds: true };
  return lastEpoch;
}

function usualClfAt(bytes: Uint8Array, start: number): Instant | undefined {
  for (let at = 0; at < ZONE.length; at++) {
    if (bytes[start + ZONE_START + at] !== ZONE[at]) return undefined;
  }
  for (let at = 0; at < DATE_LENGTH; at++) {
    if (bytes[start + at] !== dateBytes[at]) return dayOf(bytes, start);
  }
  const clock = clockAt(bytes, start + DATE_LENGTH);
  if (clock === undefined) return undefined;
  const epochMs = dateStart + clock;
  if (epochMs !== lastClf.epochMs) lastClf = { epochMs, hasMilliseconds: false };
  return lastClf;
}

/** Remembers the day of a moment of CLF. */
function dayOf(bytes: Uint8Array, start: number): Instant | undefined {
  const text = Buffer.from(bytes.subarray(start, start + CLF_LENGTH)).toString('latin1');
  const instant = ofClf(text);
  const clock = clockAt(bytes, start + DATE_LENGTH);
  if (!instant || clock === undefined) return undefined;
  dateBytes = Buffer.from(text.slice(0, DATE_LENGTH), 'latin1');
  dateStart = instant.epochMs - clock;
  return instant;
}

/** The milliseconds of `10:11:12`. */
function clockAt(bytes: Uint8Array, start: number): number | undefined {
  const hours = numberAt(bytes, start);
  const minutes = numberAt(bytes, start + 3);
  const seconds = numberAt(bytes, start + 6);
  if (bytes[start + 2] !== COLON || bytes[start + 5] !== COLON) return undefined;
  if (!(hours < 24 && minutes < 60 && seconds < 60)) return undefined;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** The number that two digits make; 100 for anything else. */
function numberAt(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - ZERO;
  const ones = (bytes[at + 1] as number) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 100;
}

const ZERO = 0x30;
const COLON = 0x3a;

function read(text: string): Instant | undefined {
  if (digits.test(text)) return ofEpoch(text);
  return ofClf(text) ?? ofIso(text) ?? ofCertificate(text);
}

/** ISO 8601 in UTC, always to the millisecond. */
export function formatToMillisecond({ epochMs }: Instant): string {
  return `${isoToSecond(epochMs)}.${millisecondsOf(epochMs)}Z`;
}

const monthNames = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const digits = /^\d{1,15}$/;
const clf = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})$/;
const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/;
const certificate = /^([A-Z][a-z]{2}) ( ?\d|\d\d) (\d\d:\d\d:\d\d) (\d{4}) GMT$/;

/** As seconds this is the year 5138, as milliseconds 1973: no log holds either. */
const FIRST_MILLISECONDS = 100_000_000_000;
/** The end of the year 9999, the last that ISO 8601 writes with four digits. */
const LAST_MILLISECONDS = 253_402_300_799_999;

function ofEpoch(text: string): Instant | undefined {
  const number = Number(text);
  if (number < FIRST_MILLISECONDS) return { epochMs: number * 1000, hasMilliseconds: false };
  return number > LAST_MILLISECONDS ? undefined : { epochMs: number, hasMilliseconds: true };
}

function ofClf(text: string): Instant | undefined {
  const [, day, month = '', year, time, zone] = clf.exec(text) ?? [];
  return ofParts({ year, month: monthNames.indexOf(month), day, time, zone });
}

function ofIso(text: string): Instant | undefined {
  const [, year, month, day, time, fraction, zone] = iso.exec(text) ?? [];
  return ofParts({ year, month: Number(month) - 1, day, time, fraction, zone });
}

function ofCertificate(text: string): Instant | undefined {
  const [, month = '', day, time, year] = certificate.exec(text) ?? [];
  return ofParts({ year, month: monthNames.indexOf(month), day, time, zone: 'Z' });
}

interface Parts {
  readonly year: string | undefined;
  /** From 0. */
  readonly month: number;
  readonly day: string | undefined;
  /** `10:11:12` */
  readonly time: string | undefined;
  readonly fraction?: string | undefined;
  readonly zone: string | undefined;
}

/** Undefined where nothing matched, and where there is no such day, time or zone. */
function ofParts({ year, month, day, time = '', fraction, zone = '' }: Parts): Instant | undefined {
  if (!year) return undefined;
  const midnight = midnightOf(Number(year), month, Number(day));
  const sinceMidnight = ofClock(time);
  const offset = ofZone(zone);
  if (midnight === undefined || sinceMidnight === undefined || offset === undefined)
    return undefined;
  const milliseconds = fraction ? Number(fraction.slice(0, 3).padEnd(3, '0')) : 0;
  const epochMs = midnight + sinceMidnight + milliseconds - offset;
  if (epochMs > LAST_MILLISECONDS) return undefined;
  return { epochMs, hasMilliseconds: fraction !== undefined };
}

function midnightOf(year: number, month: number, day: number): number | undefined {
  // `Date.UTC` takes a year below 100 for one of the 20th century, and the 31st of June for July.
  const date = new Date(Date.UTC(year, month, day));
  return year >= 100 && date.getUTCMonth() === month ? date.getTime() : undefined;
}

/** The milliseconds of `10:11:12`. */
function ofClock(time: string): number | undefined {
  const hours = twoDigitsAt(time, 0);
  const minutes = twoDigitsAt(time, 3);
  const seconds = twoDigitsAt(time, 6);
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** The milliseconds that `+0530` or `+05:30` is ahead of `Z`. */
function ofZone(zone: string): number | undefined {
  if (zone === 'Z' || zone === '+0000') return 0;
  const ahead = ofClock(`${zone.slice(1, 3)}:${zone.slice(-2)}:00`);
  return zone.startsWith('-') && ahead !== undefined ? -ahead : ahead;
}

function twoDigitsAt(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

const DAY_MS = 86_400_000;
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));

// A batch is nearly always of one day, and `toISOString` costs a fifth of a short line's rendering.
let lastDay = 0;
let lastDate = '1970-01-01';

let lastSecond = Number.NaN;
let lastIso = '';

function isoToSecond(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  if (second !== lastSecond) {
    lastIso = isoOf(epochMs);
    lastSecond = second;
  }
  return lastIso;
}

function isoOf(epochMs: number): string {
  const day = Math.floor(epochMs / DAY_MS);
  if (day !== lastDay) {
    lastDate = new Date(day * DAY_MS).toISOString().slice(0, 10);
    lastDay = day;
  }
  const seconds = Math.floor((epochMs - day * DAY_MS) / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${lastDate}T${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}:${twoDigits[seconds % 60]}`;
}

function millisecondsOf(epochMs: number): string {
  const milliseconds = ((epochMs % 1000) + 1000) % 1000;
  return String(milliseconds).padStart(3, '0');
}
