/** Ctrl-C: the first ends a command at the next safe point, the second at once. */

export interface Interruption {
  readonly signal: AbortSignal;
  /** Leaves Ctrl-C to whoever comes next. */
  release(): void;
}

/** The exit codes that shells give to what they end. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof exitCodes;
const signals = Object.keys(exitCodes) as Signal[];

let received: Signal | undefined;

/** The exit code of a command that was ended before it was done; undefined where it was not asked to end. */
export function interruptedExitCode(): number | undefined {
  return received && exitCodes[received];
}

export function onInterruption(notify: () => void): Interruption {
  const abort = new AbortController();
  const release = listen((signal) => {
    received = signal;
    notify();
    abort.abort();
  });
  return { signal: abort.signal, release };
}

/** Ends the process at once, after what must not be left behind is removed. Returns a function that stops that. */
export function endOnInterruption(cleanUp: () => void): () => void {
  return listen((signal) => {
    cleanUp();
    process.exit(exitCodes[signal]);
  });
}

/** To the first signal only. */
function listen(notify: (signal: Signal) => void): () => void {
  const hear = (signal: Signal) => {
    release();
    notify(signal);
  };
  const release = () => {
    for (const signal of signals) process.removeListener(signal, hear);
  };
  for (const signal of signals) process.on(signal, hear);
  return release;
}
