import { setMaxListeners } from 'node:events';

/**
 * Aborts as soon as one of the signals does. `AbortSignal.any` of Node 20 holds its signals so loosely
 * that a timeout between two calls, with no listener, is garbage collected and never comes.
 */
export function anySignal(...signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  // Every call of a load listens to it.
  setMaxListeners(0, controller.signal);
  for (const signal of signals) {
    const abort = () => controller.abort(signal.reason);
    if (signal.aborted) abort();
    else {
      // A signal may end many things at once; each lets go of it when it has ended.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', abort, { once: true, signal: controller.signal });
    }
  }
  return controller.signal;
}
