/** The entry of the function behind the custom widgets of the access-log dashboards. */

import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { composeHandler } from './compose';

/** A viewer waits. */
const LOOK_EVERY_MS = 250;

export const handler = composeHandler({
  athena: new AthenaClient(),
  place: { workgroup: setting('WORKGROUP'), database: setting('DATABASE') },
  now: Date.now,
  wait: () => sleep(LOOK_EVERY_MS),
  log: (line) => console.error(line),
});

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name}: got nothing, expected a text`);
  return value;
}
