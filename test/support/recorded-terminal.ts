import { confirm } from '../../cli/terminal/confirm';
import type { Terminal } from '../../cli/terminal/terminal';

export interface RecordedTerminal extends Terminal {
  readonly printed: string[];
  readonly warned: string[];
  readonly noted: string[];
  /** What was printed, a JSON document a line. */
  documents<T>(): T[];
}

export function recordedTerminal(columns?: number): RecordedTerminal {
  const printed: string[] = [];
  const warned: string[] = [];
  const noted: string[] = [];
  return {
    printed,
    warned,
    noted,
    documents: () => printed.map((line) => JSON.parse(line)),
    print: (line = '') => void printed.push(...line.split('\n')),
    warn: (line) => void warned.push(line),
    note: (line) => void noted.push(line),
    progress: { show: () => {}, clear: () => {} },
    confirm: (question) => confirm(question),
    ask: async () => undefined,
    paint: (text) => text,
    columns,
    flush: async () => {},
  };
}
