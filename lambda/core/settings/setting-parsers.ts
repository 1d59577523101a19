/**
 * The texts that settings are written as, in an environment variable or in the app's context: each of
 * these rejects with what is allowed.
 */

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { parseExtraFields, parseTemplate } from '../catalog/customer';
import { parseS3Location } from '../catalog/s3-location';
import { columns, fieldNamed, ownColumns } from '../fields';
import { compileFormat } from '../format/format';

const takenNames: ReadonlySet<string> = new Set([
  ...columns.map(({ column }) => column),
  ...Object.values(ownColumns),
]);

export function fieldName(text: string): string {
  if (!/^[A-Za-z_][\w.@-]{0,127}$/.test(text)) {
    throw new Error('a field name: a letter or _, then up to 127 letters, digits, _ . @ -');
  }
  // Hive, and whatever reads through it, compares names in lower case.
  if (fieldNamed(text) || takenNames.has(text.toLowerCase())) {
    throw new Error('a name that no log field has');
  }
  return text;
}

/** A JSON array of formats, or its deflated form, which a text of this kind is not. */
export function parseLogFormats(text: string): readonly string[] {
  const formats = parseArray(text.startsWith('[') ? text : inflated(text));
  if (!formats) throw new Error('a JSON array of access-log formats');
  try {
    formats.forEach(compileFormat);
  } catch (error) {
    throw new Error(`formats that can be read; ${(error as Error).message}`);
  }
  return formats;
}

/** A format may have 3 KB and the environment 4: long ones are deflated, to a quarter or so. */
export function writeLogFormats(formats: readonly string[]): string {
  const json = JSON.stringify(formats);
  return json.length < 1024 ? json : deflateRawSync(json).toString('base64');
}

function inflated(base64: string): string {
  try {
    return inflateRawSync(Buffer.from(base64, 'base64'), { maxOutputLength: 1 << 20 }).toString();
  } catch {
    return '';
  }
}

function parseArray(json: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    const isStrings = Array.isArray(value) && value.every((item) => typeof item === 'string');
    return isStrings ? value : undefined;
  } catch {
    return undefined;
  }
}

export function template(text: string): string {
  parseTemplate(text);
  return text;
}

export function extraFields(text: string): string {
  for (const name of Object.keys(parseExtraFields(text))) fieldName(name);
  return text;
}

export function s3Location(text: string): string {
  if (text !== '') parseS3Location(text);
  return text;
}

export function oneOf<T extends string>(allowed: readonly T[]): (text: string) => T {
  return (text) => {
    if (!(allowed as readonly string[]).includes(text)) throw new Error(allowed.join(', '));
    return text as T;
  };
}

export function integerBetween(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < min || value > max) {
      throw new Error(`a whole number from ${min} to ${max}`);
    }
    return value;
  };
}
