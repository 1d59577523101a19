/** Lines with an API key's value in them, under any name that says so, and whatever it stands in. */

import fc from 'fast-check';
import { nested, respelled } from './respelled-path';

export const SECRET = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789wxyz';
/** Nothing else in a test has any five characters of it, but that a time may have five digits. */
const pieces = Array.from({ length: SECRET.length - 8 }, (_, at) =>
  SECRET.slice(at, at + 5),
).filter((piece) => /\D/.test(piece));

export function expectNoSecret(text: string): void {
  for (const piece of pieces) expect(text).not.toContain(piece);
}

const secretPath = fc.oneof(
  respelled('identity.apiKey'),
  respelled('apiKey'),
  fc.constantFrom('X-API-Key', 'x-api-key', 'apiKeyValue', 'API_KEY').map((name) => [name]),
  fc.constantFrom(
    ['headers', 'X-Api-Key'],
    ['api', 'key'],
    ['requestContext', 'identity', 'apiKey'],
  ),
);
const secretValue = fc.constantFrom<unknown>(
  SECRET,
  [SECRET],
  [['a', SECRET], { b: SECRET }],
  { value: SECRET },
  { identity: { apiKeyId: SECRET }, stage: SECRET },
);
const around = fc.constantFrom<(value: Record<string, unknown>) => Record<string, unknown>>(
  (value) => value,
  (value) => ({ apiId: 'a1', stage: 'prod', ...value, path: '/x' }),
  (value) => ({ a: { b: [1, { ...value, c: 2 }] } }),
  (value) => ({ context: { stage: 'prod', ...value }, apiKey: '-' }),
  (value) => ({ usage_plan: value, identity: value }),
  (value) => ({ message: JSON.stringify(value) }),
  (value) => ({ a: [JSON.stringify({ b: JSON.stringify([value]) })], stage: 'prod' }),
  (value) => ({ message: xmlOf(value), apiId: 'a1' }),
  (value) => ({ a: [{ message: `x ${xmlOf(value, ' id="1"')}` }] }),
  (value) => ({ message: JSON.stringify(value).replaceAll('"', "'") }),
  (value) => ({ message: JSON.stringify(value).replaceAll('"', '') }),
  (value) => ({
    a: { b: `x ${JSON.stringify(value).replaceAll('"', '').replaceAll(':', ' : ')}` },
  }),
);
/** Members as elements; lists as several of one name, as most writers of XML do. */
function xmlOf(value: unknown, attributes = ''): string {
  if (value === null || typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, member]) => {
      const element = /^\d/.test(name) ? `_${name}` : name.replace(/[^\w.-]/g, '_');
      return `<${element}${attributes}>${xmlOf(member, attributes)}</${element}>`;
    })
    .join('');
}

/** A name's letters, some of them as escapes. */
const escaping = fc.constantFrom<(json: string) => string>(
  (json) => json,
  (json) => json.replace(/([kK])([eE])([yY])/g, (_, k, e, y) => `${escaped(k)}${e}${escaped(y)}`),
  (json) => json.replace(/([aA])([pP])/g, (_, a, p) => `${escaped(a)}${p}`),
);

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** In JSON names only: the secret stays as it is. */
function escapeNames(json: string, change: (text: string) => string): string {
  return json.replace(/"((?:[^"\\]|\\.)*)"(?=:)/g, (_, name: string) => `"${change(name)}"`);
}

/** The text of a JSON object. */
export const secretLine: fc.Arbitrary<string> = fc
  .tuple(secretPath, secretValue, around, escaping)
  .map(([path, value, put, change]) =>
    escapeNames(JSON.stringify(put(nested(path, value))), change),
  );

const broken = fc.constantFrom<(json: string) => string>(
  (json) => `${json.slice(0, -1)},"userAgent":"x"y"}`,
  (json) => `{"userAgent":"x"y",${json.slice(1)}`,
  (json) => `x ${json}`,
  (json) => json.slice(0, -1),
  (json) => `${json.slice(0, -2)}`,
  (json) => `{"message":${JSON.stringify(json)}`,
  (json) => json.replaceAll('":', '" : '),
  (json) => `{"a":\n${json.replaceAll(':', ':\t')}`,
);

/** A line that nothing can read. */
export const brokenSecretLine: fc.Arbitrary<string> = fc
  .tuple(secretLine, broken)
  .map(([json, breakIt]) => breakIt(json));
