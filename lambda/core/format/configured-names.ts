/** A configured JSON format as a map from the names in its lines to the variables that stand there. */

import { isJsonObject } from '../json';
import { type FormatNames, Names } from '../names';
import { isSecretName } from '../spelling';
import { partsOf, type Template, templateOf } from './template';

/** The names in the lines of these formats, and of any other. */
export function namesIn(formats: readonly string[]): Names {
  const templates = formats.map((format) => templateOf(partsOf(format)));
  const others = templates.filter(({ notation }) => notation !== 'json');
  return new Names(
    templates.flatMap((template) => formatNamesOf(template) ?? []),
    others.some(({ slots }) => slots.some((slot) => slot && isSecretName(slot.variable))),
  );
}

/** Undefined for a format that is no JSON: its lines are given names that the field table has. */
function formatNamesOf(template: Template): FormatNames | undefined {
  if (template.notation !== 'json') return undefined;
  const variables = new Map<string, string | undefined>();
  const secrets = new Set<string>();
  const all = new Set<string>();
  const read = (object: object, path: string) => {
    for (const [key, value] of Object.entries(object)) {
      const name = path + key;
      all.add(name);
      if (isJsonObject(value)) {
        read(value, `${name}.`);
        continue;
      }
      const found = variablesIn(value);
      if (found.length === 0) continue;
      variables.set(name, wholeVariableOf(value));
      if (found.some(isSecretName)) secrets.add(name);
    }
  };
  read(objectOf(template), '');
  return { variables, secrets, all };
}

/** The first name of a member that has a variable in it; undefined where none has. */
export function changingName(template: Template): string | undefined {
  if (template.notation !== 'json') return undefined;
  const first = (object: object): string | undefined => {
    for (const [key, value] of Object.entries(object)) {
      if (variablesIn(key).length > 0) return key;
      const found = isJsonObject(value) ? first(value) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return first(objectOf(template));
}

/** What the lines of a JSON format are, with its variables in place of their values. */
export function objectOf({ jsonLiterals, slots }: Template): object {
  const sample = jsonLiterals.map((literal, index) => {
    const slot = slots[index];
    if (!slot) return literal;
    return literal + (slot.isQuoted ? markOf(slot.variable) : `"${markOf(slot.variable)}"`);
  });
  return JSON.parse(sample.join(''));
}

/** The variable that is all of a value; undefined where it is only a part of it. */
export function wholeVariableOf(value: unknown): string | undefined {
  const [variable] = variablesIn(value);
  return variable !== undefined && value === markOf(variable) ? variable : undefined;
}

const markOf = (variable: string) => `$context.${variable}`;

/** The variables in a value that is no object: in a text, or in a list with anything in it. */
export function variablesIn(value: unknown): readonly string[] {
  return partsOf(JSON.stringify(value)).variables;
}
