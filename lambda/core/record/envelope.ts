/**
 * What CloudWatch Logs sends to a subscription's stream: a gzip of one JSON object around many
 * messages. HTTP and WebSocket APIs can only log to a log group, so their lines come this way.
 * Whatever gathers records on the way, an aggregating producer or Firehose's own decompression, may
 * put several into one, in a row or one a line.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */

import { gunzipSync, gzipSync } from 'node:zlib';
import { fieldNamed } from '../fields';
import { endOfObject, skipSeparators } from './separators';

/** The envelopes of one record. */
export interface Envelopes {
  readonly messages: Iterable<string>;
  /** Two records with half of the messages each, in their envelopes; undefined for a single message. */
  split(): [Buffer, Buffer] | undefined;
}

interface DataMessage {
  readonly messageType: 'DATA_MESSAGE';
  readonly logEvents: readonly LogEvent[];
}

export interface LogEvent {
  readonly message: string;
}

/** Asks whether the destination can be reached; it carries nothing to deliver. */
interface ControlMessage {
  readonly messageType: 'CONTROL_MESSAGE';
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The inflated bytes; undefined for broken gzip, and for one that grows past the cap. */
export function inflate(bytes: Uint8Array, maxBytes: number): Buffer | undefined {
  const chunkSize = Math.min(inflatedLength(bytes), maxBytes) + 1;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes, chunkSize });
  } catch {
    return undefined;
  }
}

/** Deflate makes nothing smaller than this. */
const MAX_RATIO = 1032;
const MIN_CHUNK_BYTES = 16 * 1024;

/**
 * What gzip says at its end about its length. Where it is true, all is inflated into one piece, which
 * nothing has to put together: half of the memory. Where it is not, into many, as usual.
 */
function inflatedLength(bytes: Uint8Array): number {
  const { buffer, byteOffset, length } = bytes;
  const said = length < 4 ? 0 : new DataView(buffer, byteOffset).getUint32(length - 4, true);
  return Math.max(MIN_CHUNK_BYTES, Math.min(said, length * MAX_RATIO));
}

/**
 * The envelopes that a text consists of, without control messages. Undefined where the text is
 * something else; `broken` where one is an envelope of a kind nobody knows, or one without its
 * messages, and where something else stands behind the first: it is kept as a whole then.
 */
export function readEnvelopes(text: string): Envelopes | 'broken' | undefined {
  const envelopes = dataMessagesIn(text);
  if (!envelopes || envelopes === 'broken') return envelopes;
  return {
    messages: envelopes.flatMap(({ logEvents }) => logEvents.map(({ message }) => message)),
    split: () => splitEnvelopes(envelopes),
  };
}

function dataMessagesIn(text: string): DataMessage[] | 'broken' | undefined {
  // Far cheaper than parsing, and no log line has both names.
  if (!text.includes('"messageType"') || !mayBeEnvelope(text)) return undefined;
  const only = readEnvelope(text);
  if (only) return dataMessages([only]);

  const envelopes: EnvelopeReading[] = [];
  for (let at = skipSeparators(text, 0); at < text.length; ) {
    const end = text[at] === '{' ? endOfObject(text, at) : at;
    const envelope = readEnvelope(text.slice(at, end));
    if (!envelope) return envelopes.length === 0 ? undefined : 'broken';
    envelopes.push(envelope);
    at = skipSeparators(text, end);
  }
  return dataMessages(envelopes);
}

type EnvelopeReading = DataMessage | ControlMessage | 'broken';

function dataMessages(envelopes: readonly EnvelopeReading[]): DataMessage[] | 'broken' {
  const messages: DataMessage[] = [];
  for (const envelope of envelopes) {
    if (envelope === 'broken') return 'broken';
    if (envelope.messageType === 'DATA_MESSAGE') messages.push(envelope);
  }
  return messages;
}

/** One envelope; undefined for anything else, `broken` for one of a kind nobody knows. */
export function readEnvelope(text: string): EnvelopeReading | undefined {
  const value = parseObject(text);
  if (value === undefined || !('messageType' in value) || hasLogField(value)) return undefined;
  if (value['messageType'] === 'CONTROL_MESSAGE') return { messageType: 'CONTROL_MESSAGE' };
  if (value['messageType'] !== 'DATA_MESSAGE' || !isLogEvents(value['logEvents'])) return 'broken';
  return value as unknown as DataMessage;
}

function splitEnvelopes(envelopes: readonly DataMessage[]): [Buffer, Buffer] | undefined {
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

// An envelope's other members; a WebSocket line may well have a message type of its own.
function mayBeEnvelope(text: string): boolean {
  return text.includes('"logEvents"') || text.includes('"logGroup"') || text.includes('"owner"');
}

/**
 * Whether it is a log line after all. An unescaped quote in a user agent could give a line whatever
 * makes an envelope: its client must not have it dropped, or another line delivered in its place.
 */
function hasLogField(value: Record<string, unknown>): boolean {
  return Object.keys(value).some((name) => fieldNamed(name) !== undefined);
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

export function isLogEvents(value: unknown): value is LogEvent[] {
  return Array.isArray(value) && value.every((event) => typeof event?.message === 'string');
}
