/** What the fields of a format's lines are taken for. */

import { fieldSpelled } from '../../spelling';
import type { Template } from '../template';

export interface FormatMember {
  /** After `$context.`. */
  readonly variable: string;
  /** What the line calls it; undefined where it is only a part of a value, or nested. */
  readonly name: string | undefined;
  /** The variable that the field table takes it for; undefined where it knows no such name. */
  readonly tells: string | undefined;
}

export function membersOf(template: Template): readonly FormatMember[] {
  const names = template.notation === 'json' ? jsonNames(template) : undefined;
  return template.slots.flatMap((slot) => {
    if (!slot) return [];
    const name = names ? names.get(slot.variable)?.shift() : slot.name;
    const tells = name === undefined ? undefined : fieldSpelled(name)?.variable;
    return [{ variable: slot.variable, name, tells }];
  });
}

/** Whether a line says a variable's value under a name that is taken for it. */
export function isSaid(members: readonly FormatMember[], variable: string): boolean {
  return members.some((member) => member.variable === variable && member.tells === variable);
}

/** The names of the top-level members that are one variable each, by variable. */
function jsonNames({ jsonLiterals, slots }: Template): ReadonlyMap<string, string[]> {
  const sample = jsonLiterals.map((literal, index) => {
    const slot = slots[index];
    if (!slot) return literal;
    return literal + (slot.isQuoted ? mark(slot.variable) : `"${mark(slot.variable)}"`);
  });
  const names = new Map<string, string[]>();
  for (const [name, value] of Object.entries(JSON.parse(sample.join('')) as object)) {
    const variable = typeof value === 'string' ? value.match(wholeMark)?.[1] : undefined;
    if (variable !== undefined) names.set(variable, [...(names.get(variable) ?? []), name]);
  }
  return names;
}

const mark = (variable: string) => `$context.${variable}`;
const wholeMark = /^\$context\.([\w.]+)$/;
