import { powertoolsTelemetry } from '../../../lambda/enrich/powertools-telemetry';

/** What is written to the log while something is done. */
function logOf(act: () => void): string[] {
  const written: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0),
  );
  try {
    act();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return written;
}

test('a batch that fails before anything was counted logs its error and nothing else', () => {
  const telemetry = powertoolsTelemetry('orders');

  const log = logOf(() => telemetry.batchFailed(new Error('denied')));

  expect(log).toHaveLength(1);
  expect(JSON.parse(log[0] as string)).toMatchObject({ level: 'ERROR', message: 'batch failed' });
});
