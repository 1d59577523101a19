/**
 * The texts that settings are written as, in an environment variable or in the app's context: each of
 * these rejects with what is allowed.
 */

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { parseExtraFields, parseTemplate } from '../catalog/customer';
import { parseS3Location } from '../catalog/s3-location';
import { columns, fields, namesOf, ownColumns } from '../fields';
import { compileFormat } from '../format/format';
import { parsedJson } from '../json';
import { fieldSpelled, isSecretName } from '../spelling';

const { usagePlanId, ...otherColumns } = ownColumns;

/** What log lines and their columns call something else, without case and punctuation. */
const takenNames: ReadonlySet<string> = new Set(
  [
    ...columns.map(({ column }) => column),
    ...fields.flatMap(namesOf),
    ...Object.values(otherColumns),
  ].map(lettersOf),
);

function lettersOf(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
}

/**
 * What appended names must differ in. Hive, and whatever reads through it, compares names in lower case;
 * labels of ECS have `_` for a dot, and so has what a SerDe makes of it.
 */
function foldedName(name: string): string {
  return name.replaceAll('.', '_').toLowerCase();
}

/** Settings that decide which names are appended, and whether the shape has an id of the plan itself. */
interface AppendedNames {
  readonly output: string;
  readonly usagePlanField: string;
  readonly customerNameField: string;
  readonly extraFields: string;
}

/** Rejects names of appended fields that would stand twice in a line. */
export function checkAppendedNames(settings: AppendedNames): void {
  const { output, usagePlanField, customerNameField } = settings;
  if (foldedName(usagePlanField) === foldedName(customerNameField)) {
    const got =
      usagePlanField === customerNameField
        ? `"${usagePlanField}" for both, expected two names`
        : `"${usagePlanField}" and "${customerNameField}", expected names that differ in more than case or a dot`;
    throw new Error(`usagePlanField and customerNameField: got ${got}`);
  }
  const appended = [
    ['usagePlanField', usagePlanField],
    ['customerNameField', customerNameField],
    ...Object.keys(parseExtraFields(settings.extraFields)).map((name) => ['extraFields', name]),
  ] as const;
  const taken = new Set<string>();
  for (const [setting, name] of appended) {
    if (output === 'canonical' && foldedName(name) === usagePlanId) {
      throw new Error(
        `${setting}: got "${name}", which canonical lines have anyway, for the id of the usage plan: leave it out`,
      );
    }
    if (taken.has(foldedName(name))) {
      throw new Error(
        `${setting}: got "${name}", expected a name that no other field has, in any case and with _ for a dot`,
      );
    }
    taken.add(foldedName(name));
  }
}

export function fieldName(text: string): string {
  if (!/^[A-Za-z_][\w.@-]{0,127}$/.test(text)) {
    throw new Error('a field name: a letter or _, then up to 127 letters, digits, _ . @ -');
  }
  if (takenNames.has(lettersOf(text)) || fieldSpelled(text) || isSecretName(text)) {
    throw new Error('a name that no log field has, in any case and punctuation');
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
  const value = parsedJson(json);
  const isStrings = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isStrings ? value : undefined;
}

/** A JSON array of templates. */
export function parseTemplates(text: string): readonly string[] {
  const templates = parseArray(text);
  if (!templates) throw new Error('a JSON array of templates');
  return templates.map(template);
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
