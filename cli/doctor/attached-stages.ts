/** Which stages log to the pipeline, and what the lines of each lack. */

import { apiGateway } from '../stages/api-gateway';
import { readStages } from '../stages/read-stages';
import { type StageStatus, statusesOf } from '../stages/stage-status';
import { counted } from '../terminal/counted';
import type { Examination } from './finding';

const SHOWN_STAGES = 5;

export const attachedStages: Examination = async ({ pipeline, named, terminal }) => {
  const area = 'stages';
  const everything = { named: undefined, types: [] };
  const stages = await readStages(apiGateway(pipeline.region), everything, terminal.progress);
  const statuses = await statusesOf(stages, pipeline);
  const attached = statuses.filter(({ isAttached }) => isAttached);
  const lacking = attached.filter(
    ({ check }) => check && (check.lacks.length > 0 || check.logsKeyValues),
  );
  const silent = statuses.filter(({ stage }) => !stage.accessLog);
  const text = [
    `${attached.length} of ${counted(statuses.length, 'stage')} attached`,
    ...(silent.length > 0 ? [`${silent.length} without an access log`] : []),
  ].join(', ');
  const more = lacking.length - SHOWN_STAGES;
  const details = [
    ...lacking.slice(0, SHOWN_STAGES).map(lackOf),
    ...(more > 0 ? [`and ${counted(more, 'stage')} more`] : []),
  ];
  const [first] = lacking;
  const next = [
    ...(first
      ? [`apigw-logs attach ${named} --api ${first.stage.api.id} --stage ${first.stage.name}`]
      : []),
    ...(silent.length > 0 ? [`apigw-logs attach ${named} --all --keep-format --dry-run`] : []),
  ];
  if (attached.length === 0) return { area, level: 'wrong', text, details, next };
  return { area, level: next.length > 0 ? 'attention' : 'fine', text, details, next };
};

function lackOf({ stage, check }: StageStatus): string {
  const lacks = check?.lacks ?? [];
  const faults = [
    ...(lacks.length > 0 ? [`does not tell ${lacks.join(', ')}`] : []),
    ...(check?.logsKeyValues ? ['logs the values of API keys'] : []),
  ];
  return `${stage.api.name} ${stage.name} ${faults.join('; ')}`;
}
