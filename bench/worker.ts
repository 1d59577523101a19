/**
 * One rival in a process of its own. On each command it takes a batch the way the runtime would: from
 * the event's text to the response's.
 */

import { readFileSync } from 'node:fs';

export interface Turn {
  readonly handlerMs: number;
  readonly totalMs: number;
  /** Size of the response's text. */
  readonly bytes: number;
  /** The most memory that the process took so far. */
  readonly peakRssMb: number;
}

const [rival = ''] = process.argv.slice(2);
const { handler } = require(rival) as { handler: (event: unknown) => Promise<unknown> };
const texts = new Map<string, string>();

process.on('message', async ({ batch }: { batch: string }) => {
  let text = texts.get(batch);
  if (text === undefined) {
    text = readFileSync(batch, 'utf8');
    texts.set(batch, text);
  }
  const start = performance.now();
  const event = JSON.parse(text);
  const parsed = performance.now();
  const response = await handler(event);
  const handled = performance.now();
  const bytes = JSON.stringify(response).length;
  const end = performance.now();
  const peakRssMb = process.resourceUsage().maxRSS / 1024;
  process.send?.({ handlerMs: handled - parsed, totalMs: end - start, bytes, peakRssMb });
});
process.send?.({ ready: true });
