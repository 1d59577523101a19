/** Reads the stages that a command is about, telling how far it is. */

import { NotFoundException } from '@aws-sdk/client-api-gateway';
import { NotFoundException as V2NotFoundException } from '@aws-sdk/client-apigatewayv2';
import { mapInFlight } from '../../lambda/aws/in-flight';
import type { ApiGatewayClients } from '../../lambda/stages/stage-access-log';
import type { Progress } from '../terminal/progress';
import { type Api, listApis, type Stage, stagesOf } from './account-stages';
import { type Selection, selectApis, selectStages } from './stage-selection';

/** The rate that the pacing allows in the long run. */
const CALLS_IN_FLIGHT = 4;

export async function readStages(
  gateway: ApiGatewayClients,
  selection: Selection,
  progress: Progress,
): Promise<Stage[]> {
  try {
    progress.show('reading APIs');
    const apis = selectApis(selection, await listApis(gateway));
    let done = 0;
    const stages = await mapInFlight(apis, CALLS_IN_FLIGHT, async (api) => {
      progress.show(`reading stages  ${done}/${apis.length} APIs`);
      const found = await stagesOfListed(gateway, api);
      done++;
      return found;
    });
    return selectStages(selection, stages.flat());
  } finally {
    progress.clear();
  }
}

async function stagesOfListed(gateway: ApiGatewayClients, api: Api): Promise<Stage[]> {
  try {
    return await stagesOf(gateway, api);
  } catch (error) {
    // Deleted since it was listed.
    if (error instanceof NotFoundException || error instanceof V2NotFoundException) return [];
    throw error;
  }
}
