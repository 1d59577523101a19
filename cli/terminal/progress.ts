/** One line on a terminal that shows how far a command is; nothing where there is no terminal. */

import type { WriteStream } from 'node:tty';
import { shorten } from './printable';

export interface Progress {
  show(text: string): void;
  /** Before anything else is written. */
  clear(): void;
}

type Output = Pick<WriteStream, 'isTTY' | 'columns' | 'write'>;

const CLEAR_LINE = '\r\x1b[K';

export function progressOn(output: Output = process.stderr): Progress {
  if (!output.isTTY) return { show: () => {}, clear: () => {} };
  let isShown = false;
  return {
    show(text) {
      isShown = true;
      output.write(`${CLEAR_LINE}${shorten(text, (output.columns || 80) - 1)}`);
    },
    clear() {
      if (isShown) output.write(CLEAR_LINE);
      isShown = false;
    },
  };
}
