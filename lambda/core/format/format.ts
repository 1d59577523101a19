/**
 * An access-log format, as it is pasted into a stage, compiled into a reader of the lines it makes.
 *
 * API Gateway puts values into a format as they are, so a line can be read back only as far as the
 * format's literals, and what is known of the values, leave one way to cut it. Where there are more,
 * the line is refused: no value is better than one that a client has made up.
 */

import { changingName } from './configured-names';
import { cut } from './cut';
import { type CutPlan, planCut } from './cut-plan';
import { type LineBoundary, lineBoundaryOf, mayBeTwoLines } from './line-boundary';
import { splitEnding, withoutEnding } from './line-ending';
import { type FormatParts, partsOf, type Slot, type Template, templateOf } from './template';
import { blanks, fits, syntaxOf, type ValueSyntax, withBlanks } from './value-syntax';
import { readValue } from './values';

/** A line's fields, read one way. */
export interface ParsedLine {
  /** The text of a JSON object, under the names that a JSON format gives or the field table knows. */
  readonly json: string;
  /** By variable. */
  readonly values: ReadonlyMap<string, string>;
}

export interface Format {
  readonly template: Template;
  readonly plan: CutPlan;
  readonly variables: readonly string[];
  /** Variables whose values may hold anything, so that only the literals show where they end. */
  readonly freeVariables: readonly string[];
  /** `ambiguous` where the line can be cut in several ways; undefined where it is not of the format. */
  read(line: string): ParsedLine | 'ambiguous' | undefined;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export const MAX_FORMAT_BYTES = 3 * 1024;

/** Rejects a format whose lines could not be read back, or that API Gateway would not take. */
export function compileFormat(format: string): Format {
  const [text, ending] = splitEnding(format);
  const parts = partsOf(text);
  const template = templateOf(parts);
  const problem = problemOf(text, parts, template);
  if (problem) throw new Error(`log format: ${problem}`);

  const values = template.slots.map((slot) => syntaxIn(template, slot, parts.variables));
  const plan = planCut(template.literals, values);
  const minLength = plan.literals.join('').length;
  const compiled = { template, values, plan, minLength, boundary: lineBoundaryOf(plan), ending };
  const free = template.slots.filter((slot, index) => slot && !plan.values[index]) as Slot[];
  return {
    template,
    plan,
    variables: parts.variables,
    freeVariables: [...new Set(free.map(({ variable }) => variable))],
    read: (line) => readLine(compiled, line),
  };
}

interface CompiledFormat {
  readonly template: Template;
  readonly values: readonly ValueSyntax[];
  readonly plan: CutPlan;
  /** The length of a line whose values are all empty. */
  readonly minLength: number;
  readonly boundary: LineBoundary;
  /** The blanks and breaks that the format ends with. */
  readonly ending: string;
}

/** What is wrong with a format; undefined if nothing is. */
function problemOf(
  text: string,
  { literals, variables }: FormatParts,
  template: Template,
): string | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_FORMAT_BYTES) return `got ${bytes} bytes, expected ${MAX_FORMAT_BYTES} at most`;
  const lines = text.split(/\r\n|[\r\n]/).length;
  if (lines > 1) return `got ${lines} lines, expected one`;
  if (variables.length === 0) return `got "${text}", expected a $context variable in it`;
  const name = changingName(template);
  if (name !== undefined) {
    return `got the member name "${name}", expected one without a variable: API Gateway replaces it there too, so that each line has another name`;
  }
  const adjacent = literals.slice(1, -1).indexOf('');
  // In a JSON string the two are one value.
  if (adjacent === -1 || template.notation === 'json') return undefined;
  const pair = `$context.${variables[adjacent]}$context.${variables[adjacent + 1]}`;
  return `got "${pair}", expected something between the two that tells their values apart`;
}

function syntaxIn({ notation }: Template, slot: Slot | undefined, variables: readonly string[]) {
  if (!slot) return blanks;
  const syntax = syntaxOf(slot.variable, variables);
  return notation === 'json' && !slot.isQuoted ? withBlanks(syntax) : syntax;
}

function readLine(format: CompiledFormat, line: string): ParsedLine | 'ambiguous' | undefined {
  const { template, plan, minLength } = format;
  // Most lines are of another format, and this costs next to nothing.
  if (line.length < minLength || !line.startsWith(plan.literals[0] as string)) return undefined;
  const { text, isCertain } =
    plan.literals.at(-1) === ''
      ? withoutEnding(line, { isFree: !plan.values.at(-1), formatEnding: format.ending })
      : { text: splitEnding(line)[0], isCertain: true };
  if (!text.endsWith(plan.literals.at(-1) as string)) return undefined;
  const starts = cut(plan, text);
  if (!starts || starts === 'ambiguous') return starts;
  const raw = template.slots.map((_, index) => {
    const literal = template.literals[index] as string;
    return text.slice((starts[index] as number) + literal.length, starts[index + 1]);
  });
  const parsed = parsedLineOf(format, raw);
  return parsed && (!isCertain || mayBeTwoLines(format.boundary, text, starts))
    ? 'ambiguous'
    : parsed;
}

/** Undefined where a value is none that the variable can have, or a variable has two. */
function parsedLineOf(format: CompiledFormat, raw: readonly string[]): ParsedLine | undefined {
  const { notation, slots, jsonLiterals } = format.template;
  const values = new Map<string, string>();
  const members = new Map<string, string>();
  let json = jsonLiterals[0] ?? '';
  for (const [index, slot] of slots.entries()) {
    if (slot) {
      const value = readValue(raw[index] as string, slot, notation);
      const before = values.get(slot.variable) ?? value.text;
      if (!fits(value.text, format.values[index] as ValueSyntax) || before !== value.text)
        return undefined;
      values.set(slot.variable, value.text);
      members.set(slot.name ?? '', value.json);
      json += value.json;
    }
    json += jsonLiterals[index + 1] ?? '';
  }
  return { json: notation === 'json' ? json : objectOf(members), values };
}

function objectOf(members: ReadonlyMap<string, string>): string {
  const texts = Array.from(members, ([name, json]) => `${JSON.stringify(name)}:"${json}"`);
  return `{${texts.join(',')}}`;
}
