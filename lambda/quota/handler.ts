/** The entry of the function that reads how much of their quotas usage plans have used. */

import { setTimeout as sleep } from 'node:timers/promises';
import { controlPlaneClient } from '../aws/control-plane-client';
import { pipelineName } from '../aws/pipeline-name';
import { readQuotas } from './read-quotas';
import { reportQuotas } from './report-quotas';

/** A fifth of the account's rate a second: this job is not urgent. */
const MS_BETWEEN_CALLS = 500;

const pipeline = pipelineName();
const client = controlPlaneClient();

export async function handler(): Promise<void> {
  const pace = () => sleep(MS_BETWEEN_CALLS);
  reportQuotas(pipeline, await readQuotas(client, { now: Date.now(), pace }));
}
