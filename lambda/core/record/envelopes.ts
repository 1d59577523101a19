/**
 * The envelopes that a record consists of. Whatever gathers records on the way, an aggregating producer
 * or Firehose's own decompression, may put several into one, in a row or one a line.
 */

import { gzipSync } from 'node:zlib';
import { type DataMessage, type EnvelopeReading, type Envelopes, readEnvelope } from './envelope';
import { endOfValue, readLargeEnvelope } from './large-envelope';
import { skipSeparators } from './separators';

const OPEN = 0x7b;

/** What is larger is read a part at a time, and again whenever it is wanted. */
const LARGE_BYTES = 2 * 1024 * 1024;

/** A larger one that is not as CloudWatch Logs writes them takes too much memory to be read at once. */
const MAX_UNUSUAL_BYTES = 16 * 1024 * 1024;

/**
 * The envelopes that bytes of UTF-8 consist of, without those that carry no line. Undefined where they
 * begin with something else; `broken` where one is an envelope of an unknown kind, or one without
 * its messages, and where something else stands after the first: it is kept as a whole then.
 */
export function readEnvelopes(bytes: Buffer): Envelopes | 'broken' | undefined {
  if (!mayHoldEnvelope(bytes)) return undefined;
  const isLarge = bytes.length > LARGE_BYTES;
  const found: DataMessage[] = [];
  const parts: Buffer[] = [];
  let isFirst = true;
  for (let at = skipSeparators(bytes, 0); at < bytes.length; ) {
    const end = bytes[at] === OPEN ? endOfValue(bytes, at) : at;
    const part = bytes.subarray(at, end);
    const envelope = readOne(part);
    if (!envelope) return isFirst ? undefined : 'broken';
    if (envelope === 'broken') return 'broken';
    if (isLarge && hasMessages(envelope)) parts.push(part);
    if (!isLarge && 'logEvents' in envelope) found.push(envelope);
    isFirst = false;
    at = skipSeparators(bytes, end);
  }
  return isLarge ? largeEnvelopes(parts) : smallEnvelopes(found);
}

/**
 * Far cheaper than parsing. A WebSocket line may well have a message type of its own, but hardly an
 * envelope's other members.
 */
export function mayHoldEnvelope(bytes: Buffer): boolean {
  if (!bytes.includes('"messageType"')) return false;
  return ['"logEvents"', '"logGroup"', '"owner"'].some((name) => bytes.includes(name));
}

function readOne(part: Buffer): EnvelopeReading | Envelopes | undefined {
  if (part.length <= LARGE_BYTES) return readEnvelope(part.toString());
  const large = readLargeEnvelope(part);
  if (large) return large;
  return part.length > MAX_UNUSUAL_BYTES ? 'broken' : readEnvelope(part.toString());
}

function hasMessages(envelope: EnvelopeReading | Envelopes): boolean {
  for (const _ of messagesOf(envelope)) return true;
  return false;
}

function messagesOf(envelope: EnvelopeReading | Envelopes | undefined): Iterable<string> {
  if (envelope === undefined || envelope === 'broken') return [];
  if ('messages' in envelope) return envelope.messages;
  return 'logEvents' in envelope ? envelope.logEvents.map(({ message }) => message) : [];
}

/** Each of the parts has a message at least. */
function largeEnvelopes(parts: readonly Buffer[]): Envelopes {
  return {
    messages: {
      *[Symbol.iterator]() {
        for (const part of parts) yield* messagesOf(readOne(part));
      },
    },
    split() {
      const [first, second] = parts;
      if (!first) return undefined;
      if (!second) return splitOne(first);
      const total = parts.reduce((sum, { length }) => sum + length, 0);
      let left = first.length;
      let count = 1;
      while (count < parts.length - 1 && left < total / 2) left += parts[count++]?.length ?? 0;
      return [gzipSync(joined(parts.slice(0, count))), gzipSync(joined(parts.slice(count)))];
    },
  };
}

function splitOne(part: Buffer): [Buffer, Buffer] | undefined {
  const envelope = readOne(part);
  if (envelope === undefined || envelope === 'broken') return undefined;
  if ('split' in envelope) return envelope.split();
  return 'logEvents' in envelope ? splitMessages([envelope]) : undefined;
}

const lineFeed = Buffer.from('\n');

function joined(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts.flatMap((part) => [part, lineFeed]));
}

function smallEnvelopes(envelopes: readonly DataMessage[]): Envelopes {
  return {
    messages: envelopes.flatMap(({ logEvents }) => logEvents.map(({ message }) => message)),
    split: () => splitMessages(envelopes),
  };
}

function splitMessages(envelopes: readonly DataMessage[]): [Buffer, Buffer] | undefined {
  const count = envelopes.reduce((sum, { logEvents }) => sum + logEvents.length, 0);
  if (count < 2) return undefined;
  const middle = count >> 1;
  return [writeMessages(envelopes, 0, middle), writeMessages(envelopes, middle, count)];
}

/** The messages from one place to another, counted over all envelopes. */
function writeMessages(envelopes: readonly DataMessage[], from: number, to: number): Buffer {
  const texts: string[] = [];
  let first = 0;
  for (const envelope of envelopes) {
    const { logEvents } = envelope;
    const chosen = logEvents.slice(Math.max(0, from - first), Math.max(0, to - first));
    if (chosen.length > 0) texts.push(JSON.stringify({ ...envelope, logEvents: chosen }));
    first += logEvents.length;
  }
  return gzipSync(texts.join('\n'));
}
