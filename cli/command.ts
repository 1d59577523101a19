/**
 * What every command of the command line has in common. A command is one description: its options are
 * parsed by it, and its help and the shell's completion are rendered from it.
 */

import { type ParseArgsConfig, parseArgs } from 'node:util';
import { didYouMean } from '../lambda/core/nearest';
import { awsOptions, useAwsOptions } from './aws/aws-options';
import type { CommandDescription, Option, OptionGroups, Options } from './description';
import { renderHelp } from './help/render-help';
import { plain, type Terminal } from './terminal/terminal';
import { UsageError } from './usage-error';

type UnionToIntersection<U> = (U extends unknown ? (of: U) => void : never) extends (
  of: infer I,
) => void
  ? I
  : never;

type ParsedOptions<O> =
  O extends NonNullable<ParseArgsConfig['options']>
    ? ReturnType<typeof parseArgs<{ options: O }>>['values']
    : never;

export type Values<G extends OptionGroups> = ParsedOptions<UnionToIntersection<G[keyof G]>>;

/** An option as it was given; some commands need to know in which order. */
export interface GivenOption {
  readonly name: string;
  readonly value: string | undefined;
}

export interface CommandLine<G extends OptionGroups> {
  readonly values: Values<G>;
  readonly positionals: readonly string[];
  readonly given: readonly GivenOption[];
}

/** Resolves to the exit code. */
export interface Command {
  (args: readonly string[], terminal: Terminal): Promise<number>;
  readonly description: CommandDescription;
}

/** A command as the list of all commands has it. */
export interface CommandRow {
  readonly summary: string;
  load(): Promise<Command>;
}

export interface CommandDefinition<G extends OptionGroups> extends CommandDescription<G> {
  run(line: CommandLine<G>, terminal: Terminal): Promise<number>;
}

/** Understood by every command. */
const everywhere = {
  ...awsOptions,
  'no-color': { type: 'boolean', description: 'print without colors, as NO_COLOR=1 does' },
  help: { type: 'boolean', description: 'print this' },
} as const satisfies Options;

const EVERYWHERE = 'Everywhere';

export function command<const G extends OptionGroups>(definition: CommandDefinition<G>): Command {
  const { run, ...own } = definition;
  const description = { ...own, options: { ...own.options, [EVERYWHERE]: everywhere } };
  const start = async (args: readonly string[], terminal: Terminal): Promise<number> => {
    if (asksForHelp(args)) {
      terminal.print(renderHelp(description, terminal.columns));
      return 0;
    }
    const { values, positionals, given } = parse(args, description);
    const shown = values['no-color'] ? { ...terminal, paint: plain } : terminal;
    useAwsOptions(values, shown);
    return run({ values: values as Values<G>, positionals, given }, shown);
  };
  return Object.assign(start, { description });
}

/** What follows `--` is no option. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args
    .slice(0, end === -1 ? undefined : end)
    .some((arg) => arg === '--help' || arg === '-h');
}

function parse(
  args: readonly string[],
  { options: groups, positional, insteadOfPositional }: CommandDescription,
) {
  const options: Options = Object.assign({}, ...Object.values(groups));
  const config: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
    Object.entries(options).map(([name, option]) => [name, parsedAs(option)]),
  );
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options: config,
      allowPositionals: positional !== undefined,
      tokens: true,
    });
    const given = tokens.flatMap((token) =>
      token.kind === 'option' ? [{ name: token.name, value: token.value }] : [],
    );
    return { values, positionals, given };
  } catch (error) {
    throw new UsageError(explained(error as Error, Object.keys(options), insteadOfPositional));
  }
}

function parsedAs(option: Option) {
  const { type, multiple = false, short } = option;
  const value = option.type === 'string' ? option.default : undefined;
  return {
    type,
    multiple,
    ...(short === undefined ? {} : { short }),
    ...(value === undefined ? {} : { default: value }),
  };
}

/** Node's messages go on with advice that fills the screen. */
function explained({ message }: Error, names: readonly string[], instead?: string): string {
  const unknown = /^Unknown option '-{1,2}([^']+)'/.exec(message)?.[1];
  if (unknown !== undefined) {
    return `unknown option --${unknown}${didYouMean(unknown, names, (name) => `--${name}`)}`;
  }
  const unexpected = /^Unexpected argument '(.*?)'\. This command/s.exec(message)?.[1];
  if (unexpected !== undefined) {
    const advice = instead === undefined ? '' : `: ${instead}`;
    const isNpm =
      process.env['npm_command'] === 'run-script' || process.env['npm_command'] === 'run';
    const npm = isNpm ? ' (with npm run, put -- before options)' : '';
    return `unexpected argument '${unexpected}'${advice}${npm}`;
  }
  const [sentence = message] = message.split(/\.(?:\s|$)|\n/);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
