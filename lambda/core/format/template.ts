/**
 * A log format taken apart: its literal texts and what stands between them.
 *
 * `json` is a format whose lines are JSON objects if only their values are written as JSON would,
 * also with typographic quotes. `xml` begins with a tag; everything else is `text`.
 */

import { fieldOfVariable, namesOf } from '../fields';
import { isJsonObject, parsedJson } from '../json';
import { fieldSpelled } from '../spelling';

export type Notation = 'json' | 'xml' | 'text';

/** The place of a variable. */
export interface Slot {
  /** After `$context.`. */
  readonly variable: string;
  /** Inside a JSON string. */
  readonly isQuoted: boolean;
  /** What an object of the line's fields calls it; undefined in a JSON format, which has names. */
  readonly name?: string;
}

export interface Template {
  readonly notation: Notation;
  readonly literals: readonly string[];
  /** After each literal but the last: a variable, or undefined for as many blanks as there are. */
  readonly slots: readonly (Slot | undefined)[];
  /** The literals as JSON writes them; only of a JSON format. */
  readonly jsonLiterals: readonly string[];
}

export interface FormatParts {
  /** One more than there are variables. */
  readonly literals: readonly string[];
  readonly variables: readonly string[];
}

/**
 * A property's name has no special characters but `_`, says AWS. A header's has hyphens, and an override
 * is called by it.
 */
const variablePattern =
  /\$context(\.(?:request|response)Override\.\w+\.\w(?:[\w-]*\w)?|(?:\.\w+)+)/;

export function partsOf(format: string): FormatParts {
  const parts = format.split(variablePattern);
  return {
    literals: parts.filter((_, index) => index % 2 === 0),
    variables: parts.filter((_, index) => index % 2 === 1).map((path) => path.slice(1)),
  };
}

export function templateOf(parts: FormatParts): Template {
  return jsonTemplate(sideBySide(parts)) ?? textTemplate(parts);
}

/**
 * Variables with nothing between them as one, `domainName$context.path`: in a JSON string that is a
 * value like any other, whose parts cannot be separated.
 */
function sideBySide({ literals, variables }: FormatParts): FormatParts {
  const joined = { literals: [literals[0] ?? ''], variables: [] as string[] };
  for (const [index, variable] of variables.entries()) {
    const isJoined = index > 0 && literals[index] === '';
    if (isJoined) joined.variables.push(`${joined.variables.pop()}$context.${variable}`);
    else {
      if (index > 0) joined.literals.push(literals[index] as string);
      joined.variables.push(variable);
    }
  }
  if (variables.length > 0) joined.literals.push(literals.at(-1) as string);
  return joined;
}

interface Piece {
  readonly text: string;
  readonly json: string;
}

/** Undefined for what is no JSON object even when its values are. */
function jsonTemplate({ literals, variables }: FormatParts): Template | undefined {
  const scanner = new JsonScanner();
  const pieces: Piece[] = [];
  const slots: (Slot | undefined)[] = [];
  for (const [index, literal] of literals.entries()) {
    const found = scanner.scan(literal);
    if (found.length === 0) return undefined;
    pieces.push(...found);
    slots.push(...found.slice(1).map(() => undefined));
    const variable = variables[index];
    if (variable === undefined) continue;
    if (variable.includes('$') && !scanner.isInString) return undefined;
    slots.push({ variable, isQuoted: scanner.isInString });
  }
  const jsonLiterals = pieces.map(({ json }) => json);
  if (
    !isJsonObject(parsedJson(jsonLiterals.map((json, i) => json + (slots[i] ? '0' : '')).join('')))
  ) {
    return undefined;
  }
  return { notation: 'json', literals: pieces.map(({ text }) => text), slots, jsonLiterals };
}

const quotes = '"“”';

/** Cuts JSON into its tokens, and strings where a variable stands in them. Blanks fall away. */
class JsonScanner {
  /** The quote that the current string began with. */
  #quote: string | undefined;

  get isInString(): boolean {
    return this.#quote !== undefined;
  }

  scan(literal: string): Piece[] {
    const pieces: Piece[] = [];
    let at = 0;
    while (at < literal.length) {
      const start = at;
      if (!this.#quote && ' \t'.includes(literal[at] as string)) {
        at++;
        continue;
      }
      const isOpening = !this.#quote && quotes.includes(literal[at] as string);
      if (isOpening) this.#quote = literal[at++];
      const contentStart = at;
      at = this.#quote ? this.#endOfContent(literal, at) : endOfToken(literal, at);
      const content = literal.slice(contentStart, at);
      const isClosing = this.#quote !== undefined && at < literal.length;
      if (isClosing) {
        at++;
        this.#quote = undefined;
      }
      const json = `${isOpening ? '"' : ''}${content}${isClosing ? '"' : ''}`;
      pieces.push({ text: literal.slice(start, at), json });
    }
    return pieces;
  }

  #endOfContent(literal: string, from: number): number {
    const closing = this.#quote === '"' ? '"' : '“”';
    let at = from;
    while (at < literal.length && !closing.includes(literal[at] as string)) {
      at += literal[at] === '\\' ? 2 : 1;
    }
    return Math.min(at, literal.length);
  }
}

function endOfToken(literal: string, from: number): number {
  let at = from + 1;
  if ('{}[]:,'.includes(literal[from] as string)) return at;
  while (at < literal.length && !` \t{}[]:,${quotes}`.includes(literal[at] as string)) at++;
  return at;
}

/** Between a tag's end and the next, or a bracket and a quote, there may be any blanks. */
const gap = /(?<=[>\]])[ \t]*(?=[<"])/;

function textTemplate({ literals, variables }: FormatParts): Template {
  const pieces: string[] = [];
  const slots: (Slot | undefined)[] = [];
  for (const [index, literal] of literals.entries()) {
    const found = literal.split(gap);
    pieces.push(...found);
    slots.push(...found.slice(1).map(() => undefined));
    const variable = variables[index];
    if (variable === undefined) continue;
    const [, element, key] = writtenName.exec(literal) ?? [];
    const namesakes = slots.filter((slot) => slot && slot.variable !== variable);
    const name = candidateNames(variable, element ?? key).find(
      (candidate) => !namesakes.some((slot) => slot?.name === candidate),
    );
    slots.push({ variable, isQuoted: false, name: name ?? variable });
  }
  const notation = literals[0]?.trimStart().startsWith('<') ? 'xml' : 'text';
  return { notation, literals: pieces, slots, jsonLiterals: [] };
}

/** `<name>`, `name="`, `name: `, `name=` at the end of what stands before a variable. */
const writtenName = /(?:<([A-Za-z_][\w.-]*)>|([A-Za-z_][\w.-]*)[ \t]*[:=][ \t]*["'“]?)$/;

/**
 * What to call it, the best first: as the format does, if the field table takes that name for the
 * same field; as the table does. A variable that the table does not know keeps its own name.
 */
function candidateNames(variable: string, written?: string): readonly string[] {
  const field = fieldOfVariable(variable);
  const known = written === undefined ? undefined : fieldSpelled(written);
  const isApt = written !== undefined && known?.column === field?.column;
  return [...(isApt ? [written] : []), ...(field ? namesOf(field) : [snakeCase(variable)])];
}

function snakeCase(variable: string): string {
  return variable
    .replace(/\./g, '_')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase();
}
