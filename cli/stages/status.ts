/** Says of every stage what it logs, where to, and what that is good for. */

import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { command } from '../command';
import { formatTraits } from '../formats/format-traits';
import {
  findPipeline,
  namesPipeline,
  type Pipeline,
  pipelineHelp,
  pipelineOptions,
} from '../pipeline-options';
import { printable } from '../terminal/printable';
import { progressOn } from '../terminal/progress';
import { type Cell, printTable } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';
import { destinationName, logGroupOf } from './access-log';
import type { Stage } from './account-stages';
import { apiGateway } from './api-gateway';
import { isForwarded } from './log-delivery';
import { readStages } from './read-stages';
import { readSelection, selectionHelp, selectionOptions } from './stage-selection';

const help = `
Lists the stages of the account in its Region: what each logs to, whether that is the pipeline, and
whether its log format names the caller.

Usage: apigw-logs status [options]

The pipeline, to tell which stages are attached to it:
${pipelineHelp}

The stages:
${selectionHelp}
                     default: --all

  --json             print a line of JSON for each stage
  --help             print this

Takes up to half of the 10 control-plane requests a second that AWS allows an account.

Exit code: 0 all was read, 1 it could not be, 2 bad usage.`;

interface StageStatus {
  readonly stage: Stage;
  /** Undefined where no pipeline was named. */
  readonly isAttached: boolean | undefined;
  readonly lacks: readonly string[];
  readonly isSecret: boolean;
}

export const status = command({
  help,
  options: { ...pipelineOptions, ...selectionOptions, json: { type: 'boolean' } },
  async run(values, terminal, args) {
    const selection = readSelection(values.api || values.all ? args : ['--all', ...args]);
    const pipeline = namesPipeline(values) ? await findPipeline(values) : undefined;
    const stages = await readStages(apiGateway(pipeline?.region), selection, progressOn());
    const attached = pipeline && (await destinationsOf(pipeline, stages));
    const statuses = stages.map((stage) => statusOf(stage, attached));
    if (values.json) for (const each of statuses) terminal.print(JSON.stringify(jsonOf(each)));
    else printStatuses(terminal, statuses);
    return 0;
  },
});

/** The stream, and the log groups from which everything goes there. */
async function destinationsOf(
  { streamArn, region }: Pipeline,
  stages: readonly Stage[],
): Promise<Set<string>> {
  const logs = new CloudWatchLogsClient({ region });
  const attached = new Set([streamArn]);
  for (const arn of new Set(stages.map(({ accessLog }) => accessLog?.destinationArn ?? ''))) {
    const logGroup = logGroupOf(arn);
    if (logGroup && (await isForwarded(logs, logGroup, streamArn))) attached.add(arn);
  }
  return attached;
}

function statusOf(stage: Stage, attached: ReadonlySet<string> | undefined): StageStatus {
  const { accessLog, api } = stage;
  const traits = accessLog && formatTraits(accessLog.format, api.type);
  return {
    stage,
    isAttached: attached?.has(accessLog?.destinationArn ?? ''),
    lacks: traits?.lacks ?? [],
    isSecret: traits?.isSecret ?? false,
  };
}

function jsonOf({ stage, isAttached, lacks, isSecret }: StageStatus): unknown {
  const { api, name, accessLog } = stage;
  return {
    apiId: api.id,
    apiName: api.name,
    apiType: api.type,
    stage: name,
    accessLog: accessLog ?? null,
    attached: isAttached ?? null,
    // An HTTP API knows no keys.
    attributable: accessLog !== undefined && api.type !== 'HTTP' && lacks.length === 0,
    lacks,
    logsKeyValues: isSecret,
  };
}

function printStatuses(terminal: Terminal, statuses: readonly StageStatus[]): void {
  const isPipelineNamed = statuses.some(({ isAttached }) => isAttached !== undefined);
  printTable(terminal, {
    head: ['API', 'NAME', 'TYPE', 'STAGE', 'CALLER', 'LOGS TO'],
    rows: statuses.map(rowOf),
  });
  const attached = statuses.filter(({ isAttached }) => isAttached).length;
  const silent = statuses.filter(({ stage }) => !stage.accessLog).length;
  const parts = [`${statuses.length} stages`, ...(isPipelineNamed ? [`${attached} attached`] : [])];
  terminal.print();
  terminal.print(terminal.paint([...parts, `${silent} log nothing`].join(', '), 'bold'));
  for (const { stage } of statuses.filter(({ isSecret }) => isSecret)) {
    const name = `${printable(stage.api.name)} ${stage.name}`;
    terminal.print(`${terminal.paint('!', 'yellow')} ${name} logs the values of API keys`);
  }
}

function rowOf({ stage, isAttached, lacks }: StageStatus): Cell[] {
  const { api, name, accessLog } = stage;
  const destination = accessLog ? destinationName(accessLog.destinationArn) : 'nothing';
  return [
    { text: api.id, colors: ['dim'] },
    { text: printable(api.name), colors: ['bold'] },
    { text: api.type },
    { text: name },
    callerCell(stage, lacks),
    isAttached
      ? { text: `✓ ${destination}`, colors: ['green'] }
      : {
          text: `${isAttached === undefined ? '' : '  '}${destination}`,
          colors: accessLog ? [] : ['dim'],
        },
  ];
}

function callerCell({ api, accessLog }: Stage, lacks: readonly string[]): Cell {
  if (!accessLog) return { text: '' };
  if (api.type === 'HTTP') return { text: 'no keys', colors: ['dim'] };
  if (lacks.length === 0) return { text: 'named', colors: ['green'] };
  return { text: `no ${lacks.join(', ')}`, colors: ['yellow'] };
}
