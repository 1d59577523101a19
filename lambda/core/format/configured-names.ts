/** A configured JSON format as a map from the names in its lines to the variables that stand there. */

import { fieldOfVariable } from '../fields';
import { type FormatNames, Names } from '../names';
import { partsOf, type Template, templateOf } from './template';

/** The names in the lines of these formats, and of any other. */
export function namesIn(formats: readonly string[]): Names {
  const templates = formats.map((format) => templateOf(partsOf(format)));
  const others = templates.filter(({ notation }) => notation !== 'json');
  return new Names(
    templates.flatMap((template) => formatNamesOf(template) ?? []),
    others.some(({ slots }) => slots.some((slot) => slot && isSecretVariable(slot.variable))),
  );
}

function isSecretVariable(variable: string): boolean {
  return fieldOfVariable(variable)?.secret === true;
}

/** Undefined for a format that is no JSON: its lines are given names that the field table has. */
export function formatNamesOf({
  notation,
  jsonLiterals,
  slots,
}: Template): FormatNames | undefined {
  if (notation !== 'json') return undefined;
  const sample = jsonLiterals.map((literal, index) => {
    const slot = slots[index];
    if (!slot) return literal;
    return literal + (slot.isQuoted ? markOf(slot.variable) : `"${markOf(slot.variable)}"`);
  });
  const variables = new Map<string, string | undefined>();
  const secrets = new Set<string>();
  const all = new Set<string>();
  const read = (object: object, path: string) => {
    for (const [key, value] of Object.entries(object)) {
      const name = path + key;
      all.add(name);
      if (isObject(value)) {
        read(value, `${name}.`);
        continue;
      }
      const found = variablesIn(value);
      if (found.length === 0) continue;
      const isWhole = value === markOf(found[0] as string);
      variables.set(name, isWhole ? found[0] : undefined);
      if (found.some(isSecretVariable)) secrets.add(name);
    }
  };
  read(JSON.parse(sample.join('')) as object, '');
  return { variables, secrets, all };
}

const markOf = (variable: string) => `$context.${variable}`;
const mark = /\$context\.([\w.]*\w)/g;

/** Of a value that is no object: a text, or a list with anything in it. */
function variablesIn(value: unknown): string[] {
  return Array.from(JSON.stringify(value).matchAll(mark), ([, variable = '']) => variable);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
