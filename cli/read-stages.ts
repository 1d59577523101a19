/** Reads the stages that a command is about, telling how far it is. */

import { NotFoundException } from '@aws-sdk/client-api-gateway';
import { NotFoundException as V2NotFoundException } from '@aws-sdk/client-apigatewayv2';
import { type Api, listApis, type Stage, stagesOf } from './account-stages';
import type { ApiGateway } from './api-gateway';
import type { Progress } from './progress';
import { type Selection, selectApis, selectStages } from './stage-selection';

/** The pacing allows no more in the long run. */
const CALLS_IN_FLIGHT = 4;

export async function readStages(
  gateway: ApiGateway,
  selection: Selection,
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<Stage[]> {
  progress.show('reading APIs');
  const apis = selectApis(selection, await listApis(gateway, signal));
  const stages: Stage[][] = apis.map(() => []);
  const queue = apis.entries();
  let done = 0;
  const worker = async () => {
    for (const [index, api] of queue) {
      progress.show(`reading stages  ${done}/${apis.length} APIs`);
      stages[index] = await stagesOfListed(gateway, api, signal);
      done++;
    }
  };
  try {
    await Promise.all(Array.from({ length: CALLS_IN_FLIGHT }, worker));
  } finally {
    progress.clear();
  }
  return selectStages(selection, stages.flat());
}

async function stagesOfListed(
  gateway: ApiGateway,
  api: Api,
  signal: AbortSignal,
): Promise<Stage[]> {
  try {
    return await stagesOf(gateway, api, signal);
  } catch (error) {
    // Deleted since it was listed.
    if (error instanceof NotFoundException || error instanceof V2NotFoundException) return [];
    throw error;
  }
}
