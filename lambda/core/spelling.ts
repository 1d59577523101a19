/**
 * Which field a name in a log line stands for, and whether an API key's value stands under it.
 *
 * The names of the field table come first, as they are written there. Any other name is compared with
 * the variables' own paths without case and punctuation, without a leading `context`, and without the
 * `identity` that a variable begins with: `RequestId`, `waf-latency`, `identity_sourceIp`. The path of a
 * member within objects, joined by dots, is compared part by part: `{"identity": {"ApiKeyId": …}}` is
 * the key's id, `{"authorizer": {"apiKeyId": …}}` and `{"api": {"keyId": …}}` are not. A name that two
 * columns could answer to stands for neither.
 */

import { type Field, fieldNamed, fields } from './fields';

/** By the variable's path in lower case. */
const byPath = new Map(fields.map((field) => [field.variable.toLowerCase(), field]));

/**
 * By parts in lower case, of which some may be written as one: `identity.sourceip`, `identitysourceip`,
 * `sourceip`. Undefined where several columns share them.
 */
const byParts = new Map<string, Field | undefined>();
for (const [path, field] of byPath) {
  for (const parts of groupings(path.split('.'))) {
    const other = byParts.get(parts);
    const isShared = byParts.has(parts) && other?.column !== field.column;
    byParts.set(parts, isShared ? undefined : (other ?? field));
  }
}
// Where that is free: `accountId` is the API's account, not the caller's.
for (const [path, field] of byPath) {
  const [root, ...rest] = path.split('.');
  if (root !== 'identity') continue;
  for (const parts of groupings(rest)) if (!byParts.has(parts)) byParts.set(parts, field);
}

/** All ways to write some of the parts as one. */
function groupings([first = '', ...rest]: readonly string[]): string[] {
  if (rest.length === 0) return [first];
  return groupings(rest).flatMap((others) => [`${first}.${others}`, first + others]);
}

/** The row that a member's name stands for. */
export function fieldSpelled(name: string): Field | undefined {
  return fieldNamed(name) ?? fieldOnPath(name) ?? byParts.get(partsOf(lettersOf(name)));
}

/** The row that the path of a member within objects stands for. */
export function fieldAtPath(path: string): Field | undefined {
  return fieldOnPath(path) ?? byParts.get(partsOf(path));
}

/** Whether the members of the object at a path can stand for fields. */
export function mayHoldFields(path: string): boolean {
  return objects.has(partsOf(path));
}

/** The paths of objects on the way to a variable. */
const objects = new Set([
  '',
  ...Array.from(byParts.keys()).flatMap((path) => {
    const parts = path.split('.');
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
  }),
]);

/** Parts are kept apart here, since `integration.status` and `integrationStatus` are two variables. */
function fieldOnPath(name: string): Field | undefined {
  const path = name
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '.')
    .replace(/^\.|\.$/g, '');
  if (!path.startsWith('context.')) return path.includes('.') ? byPath.get(path) : undefined;
  const parts = path.slice('context.'.length);
  const field = byPath.get(parts);
  // A name without dots, in another case, may fit several variables: the lookup by letters decides.
  return field && (parts.includes('.') || name.endsWith(field.variable)) ? field : undefined;
}

function partsOf(path: string): string {
  const parts = path.split('.').map(lettersOf).join('.');
  return parts.replace(/^\.?context\.?/, '');
}

/**
 * However it is written, at whatever depth: `identity.apiKey`, `API_KEY`, `X-Api-Key`, `apiKeyValue`,
 * `{"api": {"key": …}}`. Rather one name too many than one too few.
 */
export function isSecretName(name: string): boolean {
  return areSecretLetters(lettersOf(name));
}

/** The same of a name's letters, or of its last `SECRET_LETTERS`. */
export function areSecretLetters(letters: string): boolean {
  return secretNames.some((name) => letters.endsWith(name));
}

/** What the letters of a secret's name end with. */
const secretNames = ['apikey', 'apikeyvalue'];
export const SECRET_LETTERS = 'apikeyvalue'.length;

/** Whether a secret's name may end with these letters, or they with it. */
export function mayEndSecretName(letters: string): boolean {
  return secretNames.some((name) => name.endsWith(letters) || letters.endsWith(name));
}

/** Letters and digits, in lower case. */
export function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z\d]+/g, '');
}
