/**
 * What CloudWatch Logs sends to a subscription's stream: one JSON object around many messages. HTTP and
 * WebSocket APIs can only log to a log group, so their lines come this way.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */

import { isJsonObject, parsedJson } from '../json';
import { fieldSpelled } from '../spelling';

export interface DataMessage {
  readonly messageType: 'DATA_MESSAGE';
  readonly logEvents: readonly LogEvent[];
}

export interface LogEvent {
  readonly message: string;
}

/**
 * Carries nothing to deliver: it asks whether the destination can be reached, or reports that a log group
 * can be written to.
 */
export interface ControlMessage {
  readonly messageType: 'CONTROL_MESSAGE';
}

/** The envelopes of one record. */
export interface Envelopes {
  readonly messages: Iterable<string>;
  /** Two records with a part of the messages each, in their envelopes; undefined for a single message. */
  split(): [Buffer, Buffer] | undefined;
}

export type EnvelopeReading = DataMessage | ControlMessage | 'broken';

/**
 * CloudWatch Logs writes one event into the log group of a stage that is set to log there, in a stream
 * of this name: it has set the permissions. No client can choose the name of a log stream.
 */
const validationStream = 'log_stream_created_by_aws_to_validate_log_delivery_subscriptions';

/** That event, also where somebody has taken the messages out of their envelope. */
export const VALIDATION_MESSAGE =
  'Permissions are set correctly to allow AWS CloudWatch Logs to write into your logs while creating a subscription.';

/** One envelope; undefined for anything else, `broken` for one of an unknown kind. */
export function readEnvelope(text: string): EnvelopeReading | undefined {
  const value = parsedJson(text);
  if (!isJsonObject(value) || !('messageType' in value) || hasLogField(value)) return undefined;
  if (value['messageType'] === 'CONTROL_MESSAGE') return { messageType: 'CONTROL_MESSAGE' };
  if (value['messageType'] !== 'DATA_MESSAGE' || !isLogEvents(value['logEvents'])) return 'broken';
  if (value['logStream'] === validationStream) return { messageType: 'CONTROL_MESSAGE' };
  return value as unknown as DataMessage;
}

/**
 * Whether it is a log line after all. An unescaped quote in a user agent could give a line whatever
 * makes an envelope: its client must not have it dropped, or another line delivered in its place.
 */
function hasLogField(value: Record<string, unknown>): boolean {
  return Object.keys(value).some((name) => fieldSpelled(name) !== undefined);
}

export function isLogEvents(value: unknown): value is LogEvent[] {
  return Array.isArray(value) && value.every((event) => typeof event?.message === 'string');
}
