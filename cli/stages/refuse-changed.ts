import { isSameLog } from '../../lambda/stages/access-log';
import { type ApiGatewayClients, readAccessLog } from '../../lambda/stages/stage-access-log';
import { idOf, type Stage } from './account-stages';

/** Rejects where a stage logs something else than was shown: time has passed since then. */
export async function refuseChanged(gateway: ApiGatewayClients, stage: Stage): Promise<void> {
  const accessLog = await readAccessLog(gateway, idOf(stage));
  if (isSameLog(accessLog, stage.accessLog)) return;
  throw new Error('somebody else has changed this stage meanwhile; run again');
}
