/** Asks a person. Rejects where there is no terminal. */

import { createInterface } from 'node:readline/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { UsageError } from '../usage-error';

export interface Console {
  readonly input: Pick<ReadStream, 'isTTY'> & NodeJS.ReadableStream;
  /** Not standard output: what a command prints may be piped elsewhere. */
  readonly output: Pick<WriteStream, 'isTTY'> & NodeJS.WritableStream;
}

const processConsole = (): Console => ({ input: process.stdin, output: process.stderr });

export async function confirm(question: string, console = processConsole()): Promise<boolean> {
  const answer = await ask(`${question} [y/N] `, console);
  if (answer !== undefined) return /^y(es)?$/i.test(answer);
  throw new UsageError('nobody to ask: expected --yes, or --dry-run, where there is no terminal');
}

/** The answer, empty where the person leaves; undefined where there is no terminal. */
export async function ask(
  question: string,
  { input, output }: Console = processConsole(),
): Promise<string | undefined> {
  if (!input.isTTY || !output.isTTY) return undefined;
  const prompt = createInterface({ input, output });
  try {
    // Ctrl-C and Ctrl-D close the prompt, and leave the question open for good.
    const closed = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
    return (await Promise.race([prompt.question(question), closed])).trim();
  } finally {
    prompt.close();
  }
}
