import { confirm } from '../../cli/terminal/confirm';
import type { Terminal } from '../../cli/terminal/terminal';

export interface RecordedTerminal extends Terminal {
  readonly printed: string[];
  readonly warned: string[];
  /** What was printed, a JSON document a line. */
  documents<T>(): T[];
}

export function recordedTerminal(columns?: number): RecordedTerminal {
  const printed: string[] = [];
  const warned: string[] = [];
  return {
    printed,
    warned,
    documents: () => printed.map((line) => JSON.parse(line)),
    print: (line = '') => void printed.push(...line.split('\n')),
    warn: (line) => void warned.push(line),
    note: () => {},
    progress: { show: () => {}, clear: () => {} },
    confirm: (question) => confirm(question),
    ask: async () => undefined,
    paint: (text) => text,
    columns,
    flush: async () => {},
  };
}
