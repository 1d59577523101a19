/** Ctrl-C: the first ends a command at the next safe point, the second at once. */

export interface Interruption {
  readonly signal: AbortSignal;
  /** Leaves Ctrl-C to whoever comes next. */
  release(): void;
}

const signals = ['SIGINT', 'SIGTERM'] as const;

export function onInterruption(tell: () => void): Interruption {
  const abort = new AbortController();
  const listen = () => {
    release();
    tell();
    abort.abort();
  };
  const release = () => {
    for (const signal of signals) process.removeListener(signal, listen);
  };
  for (const signal of signals) process.on(signal, listen);
  return { signal: abort.signal, release };
}
