/**
 * Lets timers run as fast as the machine can, so that a client's own patience (backoff, rate limits)
 * is tested as it is and costs no waiting. Sockets, promises and immediates stay real.
 */
export function startFastClock(): () => void {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  let isRunning = true;
  const turn = () => {
    if (!isRunning) return;
    jest.advanceTimersByTime(10);
    setImmediate(turn);
  };
  turn();
  return () => {
    isRunning = false;
    jest.useRealTimers();
  };
}
