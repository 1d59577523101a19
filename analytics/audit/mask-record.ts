/**
 * Takes the values of API keys out of a record, before anything else looks at it. Whether CloudTrail
 * leaves them out is documented nowhere: what may be one is masked, wherever it stands.
 */

import { isSecretName, lettersOf } from '../../lambda/core/spelling';
import { treatSecret } from '../../lambda/core/values/secrets';
import type { EventRecord } from './event-records';

const MASK = '****';
const MAX_DEPTH = 32;
/** API Gateway takes no shorter value of a key. An id has ten characters. */
const MIN_VALUE_LENGTH = 20;
/** A word that looks like a value: no part of an ARN or a path. */
const likeValue = new RegExp(`(?<![\\w:/.-])[A-Za-z\\d]{${MIN_VALUE_LENGTH},}(?![\\w:/-])`, 'g');
/** What is shorter may be part of any other text. */
const MIN_REPEATED_LENGTH = 8;

/** The record without values of keys: neither where they belong, nor repeated in a message. */
export function maskedRecord(record: EventRecord): EventRecord {
  const secrets = new Set<string>();
  const masked: Record<string, unknown> = Object.create(null);
  const elements = ['requestparameters', 'responseelements', 'additionaleventdata'];
  for (const [name, value] of Object.entries(record)) {
    masked[name] = elements.includes(name) ? maskedElement(value, secrets) : value;
  }
  const { errormessage: message } = record;
  if (isText(message)) masked['errormessage'] = message.replace(likeValue, MASK);
  const repeated = [...secrets]
    .filter(({ length }) => length >= MIN_REPEATED_LENGTH)
    .sort((one, other) => other.length - one.length);
  return repeated.length === 0 ? masked : (without(masked, repeated) as EventRecord);
}

/** Tables of records keep the elements as text. */
function maskedElement(element: unknown, secrets: Set<string>): unknown {
  if (typeof element !== 'string') return maskedIn(element, secrets);
  try {
    return maskedIn(JSON.parse(element), secrets);
  } catch {
    return element === '' ? '' : MASK;
  }
}

function maskedIn(value: unknown, secrets: Set<string>, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return MASK;
  if (Array.isArray(value)) return value.map((item) => maskedIn(item, secrets, depth + 1));
  const members = Object.entries(value);
  const patched = members.find(([name, path]) => lettersOf(name) === 'path' && isText(path))?.[1];
  return Object.fromEntries(
    members.map(([name, member]) => {
      if (!isSecret(name, member, patched as string | undefined)) {
        return [name, maskedIn(member, secrets, depth + 1)];
      }
      return [name, masked(member, secrets)];
    }),
  );
}

function isSecret(name: string, value: unknown, patched: string | undefined): boolean {
  if (value === null || value === '' || typeof value === 'boolean') return false;
  const letters = lettersOf(name);
  if (letters === 'value') {
    // The new value of what a patch names, which is hardly ever a key's.
    return patched === undefined || isSecretName(patched) || /value$/i.test(patched);
  }
  // Keys to import, or a whole API.
  if (letters === 'body') return true;
  if (!isSecretName(name)) return false;
  // The id of a key is called the same in paths: `GET /apikeys/{api_Key}`.
  const isId = letters === 'apikey' && isText(value) && /^[a-z\d]+$/.test(value);
  return !(isId && value.length < MIN_VALUE_LENGTH);
}

function masked(value: unknown, secrets: Set<string>): string {
  if (!isText(value)) return MASK;
  secrets.add(value);
  return value.length < MIN_VALUE_LENGTH ? MASK : (treatSecret(value, 'mask') ?? MASK);
}

function without(value: unknown, secrets: readonly string[], depth = 0): unknown {
  if (isText(value)) {
    return secrets.reduce((text, secret) => text.replaceAll(secret, MASK), value);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return MASK;
  if (Array.isArray(value)) return value.map((item) => without(item, secrets, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      secrets.reduce((text, secret) => text.replaceAll(secret, MASK), name),
      without(member, secrets, depth + 1),
    ]),
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
