/** Shows on one screen how a pipeline is, and what to type where something is wrong. */

import { accountAndRegion } from '../aws/caller';
import { describeStream } from '../aws/stream';
import { command } from '../command';
import { findPipeline, pipelineOptions } from '../pipeline-options';
import { printable } from '../terminal/printable';
import type { Color, Terminal } from '../terminal/terminal';
import { wrap } from '../terminal/wrap';
import { UsageError } from '../usage-error';
import { alarms } from './alarms';
import { attachedStages } from './attached-stages';
import { catalogAge } from './catalog-age';
import { type Examination, type Finding, type Level, pipelineName } from './finding';
import { functionErrors } from './function-errors';
import { type Metrics, readMetrics } from './metrics';
import { storedErrors } from './stored-errors';
import { waiting } from './waiting';

/** In the order in which they are shown. */
const examinations: Readonly<Record<string, Examination>> = {
  alarms,
  function: functionErrors,
  records: waiting,
  'errors/': storedErrors,
  catalog: catalogAge,
  stages: attachedStages,
};

export const doctor = command({
  name: 'doctor',
  about:
    'Says on one screen how a pipeline is: alarms, errors of the function, records that wait, what lies ' +
    'under errors/ and why, the age of the usage plans, and the stages; with the command to type next.',
  usage: ['--stack NAME [options]'],
  options: {
    'The pipeline': pipelineOptions,
    '': { json: { type: 'boolean', description: 'print a line of JSON for each finding' } },
  },
  examples: [{ line: 'doctor --stack access-logs', does: 'how it is:' }],
  notes: [
    'Only reads. What the credentials may not read is said, and the rest is shown all the same. ' +
      'Figures are of the last 3 hours.',
  ],
  exitCodes: ['all is well', 'something is not, or could not be read'],
  async run({ values }, terminal) {
    const { progress } = terminal;
    progress.show('finding the pipeline');
    const pipeline = await findPipeline(values);
    const where = await accountAndRegion(pipeline.streamArn);
    const stream = await describeStream(pipeline.streamName, pipeline.region);
    const now = new Date();
    const measured = { pipeline, stream, name: pipelineName(pipeline), now };
    let read: Promise<Metrics> | undefined;
    const metrics = () => {
      read ??= readMetrics(measured);
      return read;
    };
    const named = values.stack ? `--stack ${values.stack}` : `--stream ${pipeline.streamArn}`;
    const { region } = pipeline;
    const examined = { pipeline, stream, metrics, named, region, now, terminal };

    if (!values.json) terminal.print(`${where}\nstream ${pipeline.streamName}\n`);
    const findings: Finding[] = [];
    for (const [area, examine] of Object.entries(examinations)) {
      progress.show(`looking at ${area}`);
      const finding = await examine(examined).catch(unreadable(area));
      progress.clear();
      findings.push(finding);
      if (values.json) terminal.print(JSON.stringify(finding));
      else printFinding(terminal, finding);
    }
    const isWell = findings.every(({ level }) => level === 'fine' || level === 'attention');
    return isWell ? 0 : 1;
  },
});

/** One right that is missing must not hide the rest. */
function unreadable(area: string): (error: unknown) => Finding {
  return (error) => {
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    const [message] = error.message.split('\n');
    return { area, level: 'unknown', text: `could not be read: ${error.name}: ${message}` };
  };
}

const marks = {
  fine: ['✓', 'green'],
  attention: ['!', 'yellow'],
  wrong: ['✗', 'red'],
  unknown: ['?', 'yellow'],
} as const satisfies Record<Level, readonly [string, Color]>;

const AREA_WIDTH = 9;
const INDENT = ' '.repeat(AREA_WIDTH + 3);

function printFinding({ print, paint, columns = 100 }: Terminal, finding: Finding): void {
  const { area, level, text, details = [], next = [] } = finding;
  const [mark, color] = marks[level];
  const room = Math.max(20, columns - INDENT.length);
  const [first = '', ...rest] = wrap(printable(text), room);
  print(`${paint(mark, color)} ${paint(area.padEnd(AREA_WIDTH), 'bold')} ${first}`);
  for (const line of rest) print(INDENT + line);
  for (const detail of details) {
    for (const line of wrap(printable(detail), room)) print(INDENT + paint(line, 'dim'));
  }
  // Whole, however long: it is to be pasted.
  for (const line of next) print(`${INDENT}${paint('→', 'cyan')} ${printable(line)}`);
}
