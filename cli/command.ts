/** What every command of the command line has in common: options, help, and exit codes. */

import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Terminal } from './terminal/terminal';

/** Resolves to the exit code. */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>;

/** The command line or a file it names is at fault: one line says how, the exit code is 2. */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

export interface CommandDefinition<O extends Options> {
  readonly help: string;
  readonly options: O;
  /** Whether there may be arguments that are no options. */
  readonly allowPositionals?: boolean;
  /** The arguments tell in which order options were given. */
  run(values: Values<O>, terminal: Terminal, args: readonly string[]): Promise<number>;
}

export function command<O extends Options>(definition: CommandDefinition<O>): Command {
  return async (args, terminal) => {
    if (args.includes('--help') || args.includes('-h')) {
      terminal.print(definition.help.trim());
      return 0;
    }
    return definition.run(parse(args, definition), terminal, args);
  };
}

function parse<O extends Options>(
  args: readonly string[],
  { options, allowPositionals = false }: CommandDefinition<O>,
): Values<O> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals }).values as Values<O>;
  } catch (error) {
    throw new UsageError(firstSentence((error as Error).message));
  }
}

/** Node's messages go on with advice that fills the screen. */
function firstSentence(message: string): string {
  const [sentence = message] = message.split(/\.(?:\s|$)|\n/);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
