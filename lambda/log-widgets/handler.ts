/** The entry of the function behind the custom widgets of the access-log dashboards. */

import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { requiredVariable } from '../aws/required-variable';
import { composeHandler } from './compose';

/** A viewer waits. */
const LOOK_EVERY_MS = 250;

export const handler = composeHandler({
  athena: new AthenaClient(),
  place: { workgroup: requiredVariable('WORKGROUP'), database: requiredVariable('DATABASE') },
  now: Date.now,
  wait: () => sleep(LOOK_EVERY_MS),
  log: (line) => console.error(line),
});
