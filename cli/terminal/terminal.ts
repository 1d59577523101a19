/**
 * Where a command writes, and whom it asks. What it writes for people is colored and fitted to the
 * width on a terminal only; piped, it is plain and whole.
 */

import type { WriteStream } from 'node:tty';
import { ask, confirm } from './confirm';
import { printable } from './printable';
import { type Progress, progressOn } from './progress';

export interface Terminal {
  /** Writes a line to standard output. */
  print(line?: string): void;
  /** Writes a line to standard error. */
  warn(line: string): void;
  /** Shows what a command waits for; silent where standard error is no terminal. */
  note(line: string): void;
  /** How far a command is. */
  readonly progress: Progress;
  /** Asks a question of yes or no; rejects where there is no terminal. */
  confirm(question: string): Promise<boolean>;
  /** Asks for a word; undefined where there is no terminal. */
  ask(question: string): Promise<string | undefined>;
  readonly paint: Paint;
  /** Characters that fit in a line; undefined where lines are to stay whole. */
  readonly columns: number | undefined;
  /** Settles once everything is written. */
  flush(): Promise<void>;
}

const ESCAPE = '\x1b';

const escapes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Color = keyof typeof escapes;

export type Paint = (text: string, ...colors: Color[]) => string;

export const plain: Paint = (text) => text;

const painted: Paint = (text, ...colors) =>
  colors.length === 0
    ? text
    : `${ESCAPE}[${colors.map((color) => escapes[color]).join(';')}m${text}${ESCAPE}[0m`;

/** https://no-color.org: any value but the empty one turns colors off. */
export function paintFor(
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  return isTerminal && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb' ? painted : plain;
}

export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe);
  const progress = progressOn(stderr);
  const write = (stream: WriteStream, line: string) => {
    progress.clear();
    stream.write(`${line}\n`);
  };
  const warn = (line: string) => write(stderr, harmless(line));
  return {
    // A program that reads gets every byte; a person's terminal must not be steered by them.
    print: (line = '') => write(stdout, stdout.isTTY ? harmless(line) : line),
    warn,
    note: (line) => stderr.isTTY && warn(line),
    progress,
    confirm,
    ask,
    paint: paintFor(stdout.isTTY, process.env),
    columns: stdout.isTTY ? widthOf(stdout) : undefined,
    flush: async () => {
      await Promise.all([stdout, stderr].map(drained));
    },
  };
}

const kept = new RegExp(`(\\r?\\n|${ESCAPE}\\[\\d{1,2}(?:;\\d{1,2})*m)`);

/** Shows control characters as their code; ends of lines and the colors of `paint` stay. */
export function harmless(text: string): string {
  return text
    .split(kept)
    .map((part, index) => (index % 2 === 0 ? printable(part) : part))
    .join('');
}

function widthOf({ columns }: WriteStream): number {
  // A terminal that does not report its size has 0.
  return Math.max(40, columns || 80);
}

/** A reader that has seen enough (`| head`) ends the output, not the command. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
