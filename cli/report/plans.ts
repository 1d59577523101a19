/** The usage plans that lines are attributed by: of a file, or of the account. */

import { startControlPlane } from '../../emulator/control-plane';
import { listUsagePlans } from '../../lambda/account/list-usage-plans';
import { controlPlaneClient } from '../../lambda/aws/control-plane-client';
import { templatesIn, wantedDetails } from '../../lambda/core/catalog/customer';
import { LOAD_TIMEOUT_MS } from '../../lambda/core/catalog/times';
import type { UsagePlan } from '../../lambda/core/catalog/usage-plan';
import type { Settings } from '../../lambda/core/settings/settings';
import { clientConfig } from '../aws/session';
import { readPlansFile } from '../invoke/plans-file';
import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';

export interface PlansChoice {
  readonly plans?: string | undefined;
  readonly aws?: boolean | undefined;
}

/** Empty where neither is chosen: then lines have the plans and customers that they carry themselves. */
export async function usagePlansOf(
  { plans, aws }: PlansChoice,
  settings: Settings,
  terminal: Terminal,
): Promise<readonly UsagePlan[]> {
  if (aws && plans !== undefined) throw new UsageError('--aws and --plans exclude each other');
  if (!aws && plans === undefined) return [];
  const options = {
    signal: AbortSignal.timeout(LOAD_TIMEOUT_MS),
    details: wantedDetails(templatesIn(settings)),
  };
  if (plans === undefined) return listUsagePlans(controlPlaneClient(clientConfig()), options);
  const server = await startControlPlane(await readPlansFile(plans, terminal));
  try {
    const client = controlPlaneClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
    });
    return await listUsagePlans(client, options);
  } finally {
    await server.close();
  }
}
