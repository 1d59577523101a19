import { onInterruption } from '../../../cli/terminal/interruption';

test('the first signal is told, and later ones end the process', () => {
  const told = jest.fn();
  const listenersBefore = process.listenerCount('SIGINT');
  const { signal } = onInterruption(told);

  process.emit('SIGINT');

  expect(told).toHaveBeenCalledTimes(1);
  expect(signal.aborted).toBe(true);
  expect(process.listenerCount('SIGINT')).toBe(listenersBefore);
});

test('nothing listens any more once released', () => {
  const listenersBefore = process.listenerCount('SIGTERM');

  onInterruption(() => {}).release();

  expect(process.listenerCount('SIGTERM')).toBe(listenersBefore);
});
