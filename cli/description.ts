/** The description of a command: its help, its options and the shell's completion follow from it. */

interface OptionBase {
  /** What it does, in a few words that begin in lower case. */
  readonly description: string;
  readonly multiple?: boolean;
  /** One letter that stands for it after a single hyphen. */
  readonly short?: string;
}

export interface Flag extends OptionBase {
  readonly type: 'boolean';
}

export interface ValueOption extends OptionBase {
  readonly type: 'string';
  /** What stands for the value in the help: `FILE`. */
  readonly value: string;
  /** All values that are accepted, where they can be listed. */
  readonly choices?: readonly string[];
  /** The value where none is given. */
  readonly default?: string;
}

export type Option = Flag | ValueOption;
export type Options = Readonly<Record<string, Option>>;

/** Options under the headings that the help shows them with; `''` has none. */
export type OptionGroups = Readonly<Record<string, Options>>;

export interface Positional {
  /** What stands for it in the help: `NAME`. */
  readonly name: string;
  readonly description: string;
  readonly choices?: readonly string[];
}

export interface Example {
  /** What to type after `apigw-logs`. */
  readonly line: string;
  readonly does: string;
}

export interface CommandDescription<G extends OptionGroups = OptionGroups> {
  readonly name: string;
  /** What the command does, in a sentence or two. */
  readonly about: string;
  /** What can follow the name; a line each. */
  readonly usage: readonly string[];
  /** Arguments that are no options; none are accepted where this is absent. */
  readonly positional?: Positional;
  /** What to do with a positional argument, where the command accepts none. */
  readonly insteadOfPositional?: string;
  readonly options: G;
  readonly examples?: readonly Example[];
  /** What else is good to know; a paragraph each. */
  readonly notes?: readonly string[];
  /** What the exit codes 0 and 1 mean; 2 is bad usage or unreadable input, 130 Ctrl-C. */
  readonly exitCodes: readonly [fine: string, not: string];
}
