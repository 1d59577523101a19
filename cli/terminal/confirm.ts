/** Asks before something is changed. Without a terminal there is nobody to ask. */

import { createInterface } from 'node:readline/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { UsageError } from '../command';

export interface Console {
  readonly input: Pick<ReadStream, 'isTTY'> & NodeJS.ReadableStream;
  /** Not standard output: what a command prints may be piped elsewhere. */
  readonly output: Pick<WriteStream, 'isTTY'> & NodeJS.WritableStream;
}

const processConsole: Console = { input: process.stdin, output: process.stderr };

export async function confirm(question: string, console = processConsole): Promise<boolean> {
  const { input, output } = console;
  if (!input.isTTY || !output.isTTY) {
    throw new UsageError('nobody to ask: expected --yes, or --dry-run, where there is no terminal');
  }
  const prompt = createInterface({ input, output });
  try {
    // Ctrl-C and Ctrl-D close the prompt, and leave the question open for good.
    const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
    const answer = await Promise.race([prompt.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}
