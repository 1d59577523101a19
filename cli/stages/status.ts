/** Shows of every stage what it logs, where to, and what is missing there. */

import type { FormatCheck } from '../../lambda/core/format/check/check';
import { destinationName } from '../../lambda/stages/destination';
import { command } from '../command';
import { findPipeline, namesPipeline, pipelineOptions } from '../pipeline-options';
import { counted } from '../terminal/counted';
import { printable } from '../terminal/printable';
import { type Cell, printTable } from '../terminal/table';
import type { Terminal } from '../terminal/terminal';
import type { Stage } from './account-stages';
import { apiGateway } from './api-gateway';
import { readStages } from './read-stages';
import { readSelection, selectionOptions } from './stage-selection';
import { type StageStatus, statusesOf } from './stage-status';

export const status = command({
  name: 'status',
  about:
    'Lists the stages of the account in its Region: what each logs to, whether that is the pipeline, ' +
    'and whether its log format names the caller.',
  usage: ['[options]'],
  options: {
    'The pipeline, to tell which stages are attached to it': pipelineOptions,
    'The stages; all where none is named': selectionOptions,
    '': { json: { type: 'boolean', description: 'print a line of JSON for each stage' } },
  },
  notes: ['Takes up to half of the 10 control-plane requests a second that AWS allows an account.'],
  exitCodes: ['all was read', 'it could not be'],
  async run({ values, given }, terminal) {
    const selection = readSelection({ ...values, all: values.all || !values.api }, given);
    const pipeline = namesPipeline(values) ? await findPipeline(values) : undefined;
    const stages = await readStages(apiGateway(pipeline?.region), selection, terminal.progress);
    const statuses = await statusesOf(stages, pipeline);
    if (values.json) for (const each of statuses) terminal.print(JSON.stringify(jsonOf(each)));
    else printStatuses(terminal, statuses);
    return 0;
  },
});

function jsonOf({ stage, isAttached, check }: StageStatus): unknown {
  const { api, name, accessLog } = stage;
  return {
    apiId: api.id,
    apiName: api.name,
    apiType: api.type,
    stage: name,
    accessLog: accessLog ?? null,
    attached: isAttached ?? null,
    // An HTTP API knows no keys.
    attributable: check !== undefined && api.type !== 'HTTP' && check.lacks.length === 0,
    lacks: check?.lacks ?? [],
    logsKeyValues: check?.logsKeyValues ?? false,
    exposesKeyValues: check?.exposesKeyValues ?? false,
  };
}

function printStatuses(terminal: Terminal, statuses: readonly StageStatus[]): void {
  const isPipelineNamed = statuses.some(({ isAttached }) => isAttached !== undefined);
  printTable(terminal, {
    head: ['API', 'NAME', 'TYPE', 'STAGE', 'CALLER', 'LOGS TO'],
    rows: statuses.map(rowOf),
    below: statuses.map(({ check }) =>
      check && check.lacks.length > 0 ? `does not tell ${check.lacks.join(', ')}` : '',
    ),
  });
  const attached = statuses.filter(({ isAttached }) => isAttached).length;
  const silent = statuses.filter(({ stage }) => !stage.accessLog).length;
  const parts = [
    counted(statuses.length, 'stage'),
    ...(isPipelineNamed ? [`${attached} attached`] : []),
    `${silent} without an access log`,
  ];
  terminal.print();
  terminal.print(terminal.paint(parts.join(', '), 'bold'));
  for (const { stage, check } of statuses) {
    if (!check?.logsKeyValues) continue;
    const clear = check.exposesKeyValues ? ', in clear unless the format is configured' : '';
    const name = `${printable(stage.api.name)} ${stage.name}`;
    terminal.print(`${terminal.paint('!', 'yellow')} ${name} logs the values of API keys${clear}`);
  }
}

function rowOf({ stage, isAttached, check }: StageStatus): Cell[] {
  const { api, name, accessLog } = stage;
  const destination = accessLog ? destinationName(accessLog.destinationArn) : 'nothing';
  return [
    { text: api.id, colors: ['dim'] },
    { text: printable(api.name), colors: ['bold'] },
    { text: api.type },
    { text: name },
    callerCell(stage, check),
    isAttached
      ? { text: `✓ ${destination}`, colors: ['green'] }
      : {
          text: `${isAttached === undefined ? '' : '  '}${destination}`,
          colors: accessLog ? [] : ['dim'],
        },
  ];
}

function callerCell({ api }: Stage, check: FormatCheck | undefined): Cell {
  if (!check) return { text: '' };
  if (api.type === 'HTTP') return { text: 'no keys', colors: ['dim'] };
  if (check.lacks.length === 0) return { text: 'named', colors: ['green'] };
  return { text: 'not named', colors: ['yellow'] };
}
