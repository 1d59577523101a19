/** The help of a command, from its description. */

import type { CommandDescription, Option, Positional } from '../description';
import { wrap } from '../terminal/wrap';

/** Longer lines are hard to read, however wide the terminal is. */
const MAX_COLUMNS = 100;

export function renderHelp(description: CommandDescription, columns = MAX_COLUMNS): string {
  const { name, about, usage, positional, options, examples, notes, exitCodes } = description;
  const width = Math.min(columns, MAX_COLUMNS);
  const sections = [
    wrap(about, width),
    usageLines(`apigw-logs ${name}`, usage, width),
    ...(positional ? [rows([positionalRow(positional)], width)] : []),
    ...Object.entries(options).map(([heading, group]) => [
      ...(heading ? [`${heading}:`] : []),
      ...rows(Object.entries(group).map(optionRow), width),
    ]),
    ...(examples ? [exampleLines(examples, width)] : []),
    ...(notes ?? []).map((note) => wrap(note, width)),
    wrap(
      `Exit code: 0 ${exitCodes[0]}, 1 ${exitCodes[1]}, 2 bad usage or unreadable input, 130 stopped by Ctrl-C.`,
      width,
    ),
  ];
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

export interface HelpRow {
  readonly term: string;
  readonly text: string;
}

const TERM_WIDTH = 18;

/** Terms on the left, what they mean on the right. */
export function rows(items: readonly HelpRow[], width: number): string[] {
  return items.flatMap(({ term, text }) => {
    const [first = '', ...rest] = wrap(text, Math.max(20, width - TERM_WIDTH - 3));
    const indent = ' '.repeat(TERM_WIDTH + 3);
    const below = rest.map((line) => indent + line);
    if (term.length > TERM_WIDTH) return [`  ${term}`, indent + first, ...below];
    return [`  ${term.padEnd(TERM_WIDTH)} ${first}`, ...below];
  });
}

function optionRow([name, option]: [string, Option]): HelpRow {
  const value = option.type === 'string' ? ` ${option.value}` : '';
  return { term: `--${name}${value}`, text: explained(option) };
}

function positionalRow(positional: Positional): HelpRow {
  return { term: positional.name, text: explained(positional) };
}

function explained(option: Option | Positional): string {
  const { description } = option;
  const choices = 'choices' in option && option.choices ? `: ${option.choices.join(', ')}` : '';
  const repeated = 'multiple' in option && option.multiple ? '; may be repeated' : '';
  const standard = 'default' in option && option.default ? `; default: ${option.default}` : '';
  const short = 'short' in option && option.short ? `; short: -${option.short}` : '';
  return description + choices + repeated + standard + short;
}

function usageLines(name: string, usage: readonly string[], width: number): string[] {
  return usage.flatMap((form, index) => {
    const label = index === 0 ? 'Usage: ' : '       ';
    const [first = '', ...rest] = wrap(`${name} ${form}`.trim(), width - label.length);
    return [label + first, ...rest.map((line) => ' '.repeat(label.length + 4) + line)];
  });
}

function exampleLines(
  examples: NonNullable<CommandDescription['examples']>,
  width: number,
): string[] {
  return [
    'Examples:',
    ...examples.flatMap(({ line, does }) => [
      ...wrap(does, width - 2).map((text) => `  ${text}`),
      `    apigw-logs ${line}`,
    ]),
  ];
}
