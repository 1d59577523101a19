/** The entry of the function that looks at each change of API Gateway as it is made. */

import { S3Client } from '@aws-sdk/client-s3';
import { pipelineName } from '../aws/pipeline-name';
import { requiredVariable } from '../aws/required-variable';
import { changeMemory } from './change-memory';
import { reportChange } from './report-change';
import { isOwnDestination, watchChange } from './watch-change';

const pipeline = pipelineName();
const memory = changeMemory(new S3Client(), requiredVariable('CHANGE_MEMORY'));
const isOwn = isOwnDestination(requiredVariable('OWN_DESTINATIONS'));

export async function handler(event: unknown): Promise<void> {
  await watchChange(event, {
    memory,
    isOwn,
    report: (watched) => reportChange(pipeline, watched),
  });
}
