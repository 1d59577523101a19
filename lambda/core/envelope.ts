/**
 * What CloudWatch Logs sends to a subscription's stream: a gzip of one JSON object around many
 * messages. HTTP and WebSocket APIs can only log to a log group, so their lines come this way.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */

import { gunzipSync, gzipSync } from 'node:zlib';
import { fieldNamed } from './fields';

export interface DataMessage {
  readonly messageType: 'DATA_MESSAGE';
  readonly logEvents: readonly LogEvent[];
}

interface LogEvent {
  readonly message: string;
}

/** `CONTROL_MESSAGE` asks whether the destination can be reached; it carries nothing to deliver. */
export type Envelope = DataMessage | { readonly messageType: 'CONTROL_MESSAGE' };

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The inflated bytes; undefined for broken gzip, and for one that grows past the cap. */
export function inflate(bytes: Uint8Array, maxBytes: number): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch {
    return undefined;
  }
}

/**
 * The envelope that a text is. Undefined where the text is something else; `broken` where it is an
 * envelope of a kind nobody knows, or one without its messages.
 */
export function readEnvelope(text: string): Envelope | 'broken' | undefined {
  // Far cheaper than parsing, and no log line has both names.
  if (!text.includes('"messageType"') || !mayBeEnvelope(text)) return undefined;
  const value = parseObject(text);
  if (value === undefined || !('messageType' in value) || hasLogField(value)) return undefined;
  if (value['messageType'] === 'CONTROL_MESSAGE') return { messageType: 'CONTROL_MESSAGE' };
  if (value['messageType'] !== 'DATA_MESSAGE' || !isLogEvents(value['logEvents'])) return 'broken';
  return value as unknown as DataMessage;
}

/** Two envelopes with half of the messages each; undefined for one that cannot be halved. */
export function splitEnvelope(envelope: DataMessage): [Buffer, Buffer] | undefined {
  const { logEvents } = envelope;
  if (logEvents.length < 2) return undefined;
  const middle = logEvents.length >> 1;
  return [
    gzipSync(JSON.stringify({ ...envelope, logEvents: logEvents.slice(0, middle) })),
    gzipSync(JSON.stringify({ ...envelope, logEvents: logEvents.slice(middle) })),
  ];
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

function isLogEvents(value: unknown): value is LogEvent[] {
  return Array.isArray(value) && value.every((event) => typeof event?.message === 'string');
}
