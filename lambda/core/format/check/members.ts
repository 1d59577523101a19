/** What the fields of a format's lines are taken for. */

import { isJsonObject } from '../../json';
import { type NamedMember, Names } from '../../names';
import { fieldSpelled, isSecretName } from '../../spelling';
import { treatNestedSecrets } from '../../values/nested-secrets';
import { treatSecretsInText } from '../../values/text-secrets';
import { objectOf, variablesIn, wholeVariableOf } from '../configured-names';
import { partsOf, type Template } from '../template';

export interface FormatMember {
  /** After `$context.`. */
  readonly variable: string;
  /**
   * What the line calls it, after the names of the objects that it is in; undefined where it is only
   * a part of a value.
   */
  readonly name: string | undefined;
  /** The variable that it is taken for; undefined where no such name is known. */
  readonly tells: string | undefined;
  /** Whether an API key's value stands there under a name that does not show it. */
  readonly isExposed: boolean;
}

export function membersOf(template: Template): readonly FormatMember[] {
  return template.notation === 'json' ? jsonMembers(template) : textMembers(template);
}

/** Whether a line has a variable's value under a name that is read as that variable. */
export function isSaid(members: readonly FormatMember[], variable: string): boolean {
  return members.some((member) => member.variable === variable && member.tells === variable);
}

interface ValuedMember extends NamedMember {
  readonly value: unknown;
  /** In the member's own name, where API Gateway puts their values too. */
  readonly inName: readonly string[];
}

/** As the lines themselves are read as long as no format is configured. */
function jsonMembers(template: Template): FormatMember[] {
  const members = valuedMembers(objectOf(template), '', -1, []);
  const meanings = Names.ofTable.meaningsOf(members);
  return members.flatMap(({ name, value, inName }, index) => {
    const before = inName.map((variable) => ({
      variable,
      name: undefined,
      tells: undefined,
      isExposed: isSecretName(variable),
    }));
    if (isJsonObject(value)) return before;
    const meaning = meanings[index];
    const isOwn = meaning?.role === 'value' && wholeVariableOf(value) !== undefined;
    const exposed = exposedVariables(value, name);
    const own = variablesIn(value).map((variable) => ({
      variable,
      name: isOwn ? name : undefined,
      tells: isOwn ? meaning.field?.variable : undefined,
      isExposed: exposed.includes(variable),
    }));
    return [...before, ...own];
  });
}

function valuedMembers(
  object: object,
  path: string,
  parent: number,
  found: ValuedMember[],
): ValuedMember[] {
  for (const [key, value] of Object.entries(object)) {
    const inName = variablesIn(key);
    // What a value may be: no name that is known.
    const name = path + (inName.length === 0 ? key : partsOf(key).literals.join('x'));
    const index = found.push({ name, parent, value, inName }) - 1;
    if (isJsonObject(value)) valuedMembers(value, `${name}.`, index, found);
  }
  return found;
}

/** The secret ones that are still there once what is known to be secret below a path is gone. */
function exposedVariables(value: unknown, path: string): readonly string[] {
  const parts = path.split('.');
  if (parts.some((_, index) => isSecretName(parts.slice(0, index + 1).join('.')))) return [];
  const treated = treatNestedSecrets(JSON.stringify(value), path, 'remove', Names.ofTable);
  return variablesIn(JSON.parse(treated)).filter(isSecretName);
}

/** The table's names, which a line gets that is read. One that is not is searched for names alone. */
function textMembers(template: Template): FormatMember[] {
  return template.slots.flatMap((slot, index) => {
    if (!slot) return [];
    const { variable, name } = slot;
    return {
      variable,
      name,
      tells: name === undefined ? undefined : fieldSpelled(name)?.variable,
      isExposed: isSecretName(variable) && isFoundNowhere(template, index),
    };
  });
}

/** Whether a key's value in that place is left in the text of a line that nothing could read. */
function isFoundNowhere({ literals, slots }: Template, index: number): boolean {
  const parts = literals.map((literal, at) => {
    if (at === index) return literal + KEY_VALUE;
    return slots[at] ? `${literal}x` : literal;
  });
  return treatSecretsInText(parts.join(''), 'remove').includes(KEY_VALUE);
}

const KEY_VALUE = 'k'.repeat(40);
