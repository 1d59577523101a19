/**
 * What the members of a line are: the value of a field, an object of such values, a secret. Their names
 * alone decide, and those of a configured JSON format are believed before any rule of spelling.
 */

import { type Field, fieldNamed, fieldOfVariable, fields } from './fields';
import { fieldAtPath, fieldSpelled, isSecretName, mayHoldFields } from './spelling';

/** What a configured JSON format calls its values. */
export interface FormatNames {
  /** By name: the variable that is the whole value; undefined where it is only a part of it. */
  readonly variables: ReadonlyMap<string, string | undefined>;
  /** Names of members whose value holds a secret, alone or beside other things. */
  readonly secrets: ReadonlySet<string>;
  /** Names of all members, also of those with members of their own and of those that never change. */
  readonly all: ReadonlySet<string>;
}

/** A member of a line, or of an object in it. */
export interface NamedMember {
  /** Its own, after those of the objects that it is in, joined by dots. */
  readonly name: string;
  /** The index, in the list, of the object that it is a member of; below 0 for the line. */
  readonly parent: number;
}

export interface Meaning {
  /**
   * `value`: stands as it is. `parts`: an object whose members are values or parts themselves.
   * `inside`: belongs to the value of an object that it is in.
   */
  readonly role: 'value' | 'parts' | 'inside';
  readonly field: Field | undefined;
  /** Whether all that stands there is an API key's value. */
  readonly isSecret: boolean;
}

const INSIDE: Meaning = { role: 'inside', field: undefined, isSecret: false };
const PARTS: Meaning = { role: 'parts', field: undefined, isSecret: false };
const NOTHING: Meaning = { role: 'value', field: undefined, isSecret: false };

/** The names of a stream are the same few, again and again. */
const MAX_REMEMBERED = 4096;
const MAX_REMEMBERED_LENGTH = 256;

export class Names {
  /** Without a configured format. */
  static readonly ofTable = new Names([]);

  readonly #formats: readonly FormatNames[];
  readonly #remembered = new Map<string, Meaning>();
  /** Whether a format logs a secret that in a broken line only its position shows. */
  readonly hasSecretsWithoutName: boolean;
  /** The names, known to no rule of spelling, under which configured formats log a secret. */
  readonly unspelledSecrets: ReadonlySet<string>;

  constructor(formats: readonly FormatNames[], hasSecretsWithoutName = false) {
    this.#formats = formats;
    const secrets = formats.flatMap((format) => [...format.secrets]);
    this.unspelledSecrets = new Set(secrets.filter((name) => !isSecretName(name)));
    this.hasSecretsWithoutName = hasSecretsWithoutName || this.unspelledSecrets.size > 0;
  }

  /** Whether an API key's value stands under a name or path, in any of the stream's lines. */
  isSecret(name: string): boolean {
    return this.#spelled(name, false).isSecret;
  }

  /** Whether it matters what is in an object of this name. */
  mayHoldFields(name: string): boolean {
    return mayHoldFields(name) || this.#formats.some(({ all }) => hasMembersOf(all, name));
  }

  /** By member. */
  meaningsOf(members: readonly NamedMember[]): readonly Meaning[] {
    const formats = this.#formatsOf(members);
    const meanings: Meaning[] = [];
    for (const member of members) {
      const around = meanings[member.parent];
      const isInValue = around && (around.role === 'inside' || around.field || around.isSecret);
      meanings.push(isInValue ? INSIDE : this.#meaningOf(member, formats, members.length));
    }
    const isFree = (name: string) => !formats.some(({ variables }) => variables.has(name));
    returnBorrowed(members, meanings, isFree);
    takeApart(members, meanings);
    return meanings;
  }

  /** Those that a line with these members may be of. No client can take a format's name from a line. */
  #formatsOf(members: readonly NamedMember[]): readonly FormatNames[] {
    if (this.#formats.length === 0) return this.#formats;
    const names = new Set(members.map(({ name }) => name));
    return this.#formats.filter(({ all }) => [...all].every((name) => names.has(name)));
  }

  #meaningOf(
    { name, parent }: NamedMember,
    formats: readonly FormatNames[],
    memberCount: number,
  ): Meaning {
    if (formats.length === 0) return this.#spelled(name, parent >= 0);
    if (formats.some(({ all }) => hasMembersOf(all, name))) return NOTHING;
    const believed = formats.filter(({ variables }) => variables.has(name));
    if (believed.length === 0) return this.#spelled(name, parent >= 0);
    // Where formats differ, one counts that has these members and no others.
    const variable =
      onlyOne(believed.map(({ variables }) => variables.get(name))) ??
      onlyOne(
        believed
          .filter(({ all }) => all.size === memberCount)
          .map(({ variables }) => variables.get(name)),
      );
    const field = variable === undefined ? undefined : fieldOfVariable(variable);
    return { role: 'value', field, isSecret: field?.secret === true || this.isSecret(name) };
  }

  #spelled(name: string, isNested: boolean): Meaning {
    const key = isNested ? `.${name}` : name;
    const known = this.#remembered.get(key);
    if (known) return known;
    const field = isNested ? fieldAtPath(name) : fieldSpelled(name);
    const isSecret = isSecretName(name) || this.#formats.some(({ secrets }) => secrets.has(name));
    const meaning: Meaning = { role: 'value', field, isSecret };
    if (name.length > MAX_REMEMBERED_LENGTH) return meaning;
    if (this.#remembered.size === MAX_REMEMBERED) this.#remembered.clear();
    // A copy: a part of a text would keep all of it.
    this.#remembered.set(JSON.parse(JSON.stringify(key)), meaning);
    return meaning;
  }
}

function onlyOne<T>(values: readonly T[]): T | undefined {
  return new Set(values).size === 1 ? values[0] : undefined;
}

function hasMembersOf(names: ReadonlySet<string>, object: string): boolean {
  for (const name of names) if (name.startsWith(`${object}.`)) return true;
  return false;
}

/**
 * `integrationStatus`, in whatever case, is what most formats call `integration.status`. Beside one that
 * is written so, it is the variable of its own name; likewise `integrationLatency`.
 */
function returnBorrowed(
  members: readonly NamedMember[],
  meanings: Meaning[],
  isFree: (name: string) => boolean,
): void {
  for (const { owner, borrower } of borrowed) {
    const name = owner.variable.toLowerCase();
    const isBare = (member: NamedMember) => member.name.toLowerCase() === name;
    const hasOwn = members.some(
      (member, index) => meanings[index]?.field === borrower && !isBare(member),
    );
    if (!hasOwn) continue;
    for (const [index, member] of members.entries()) {
      if (member.parent < 0 && isBare(member) && isFree(member.name)) {
        meanings[index] = { role: 'value', field: owner, isSecret: false };
      }
    }
  }
}

/** The variables whose own name stands for another one. */
const borrowed = fields.flatMap((owner) => {
  const borrower = fieldNamed(owner.variable);
  return borrower && borrower !== owner ? [{ owner, borrower }] : [];
});

/** Marks objects that contain a field's value, then the members of all other objects. */
function takeApart(members: readonly NamedMember[], meanings: Meaning[]): void {
  for (let index = members.length - 1; index >= 0; index--) {
    const { role, field } = meanings[index] as Meaning;
    const parent = members[index]?.parent ?? -1;
    if (parent >= 0 && (role === 'parts' || (role === 'value' && field))) meanings[parent] = PARTS;
  }
  for (const [index, { parent }] of members.entries()) {
    if (parent >= 0 && meanings[parent]?.role !== 'parts') meanings[index] = INSIDE;
  }
}
