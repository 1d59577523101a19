/** Prints the columns of delivered lines. */

import type { LineOutput } from '../../analytics/athena/line-table';
import { command } from '../command';
import { printTable } from '../terminal/table';
import { UsageError } from '../usage-error';
import { athenaDdl } from './athena-ddl';
import { deliveredColumns } from './delivered-columns';

export const schema = command({
  name: 'schema',
  about:
    'Prints the columns of canonical lines, which queries read: the type of each, the variable of ' +
    'the log that it holds, and where an ECS document has it.',
  usage: ['[--json]', '--athena [--location s3://bucket/logs/]'],
  options: {
    '': {
      json: {
        type: 'boolean',
        description: 'print JSON, also with the names that a log line may give a field',
      },
    },
    'For Athena': {
      athena: {
        type: 'boolean',
        description: 'print the statements that make the relations `access` and `requests` there',
      },
      output: {
        type: 'string',
        value: 'SHAPE',
        description: 'the shape of the delivered lines',
        choices: ['canonical', 'verbatim'],
        default: 'canonical',
      },
      location: {
        type: 'string',
        value: 'S3',
        description: 'the folder of the delivered lines',
        default: 's3://BUCKET/logs/',
      },
      since: {
        type: 'string',
        value: 'DAY',
        description: 'the first day that there are logs of',
        default: '2026-01-01',
      },
    },
  },
  exitCodes: ['printed', 'not printed'],
  async run({ values, given }, terminal) {
    const { json = false, athena = false, output, location, since } = values;
    const ofAthena = given.find(({ name }) => ['output', 'location', 'since'].includes(name));
    if (ofAthena && !athena) throw new UsageError(`--${ofAthena.name} is for --athena`);
    if (json && athena) throw new UsageError('--json and --athena exclude each other');
    if (athena) {
      const options = {
        output: outputOf(output),
        location: folderOf(location),
        since: dayOf(since),
      };
      for (const statement of athenaDdl(options)) terminal.print(`${statement};\n`);
    } else if (json) terminal.print(JSON.stringify(deliveredColumns, undefined, 2));
    else {
      printTable(terminal, {
        head: ['column', 'type', 'from', 'in ECS'],
        rows: deliveredColumns.map(({ name, type, description, ecsPaths }) => [
          { text: name, colors: ['bold'] },
          { text: type },
          { text: description },
          { text: ecsPaths.join(', ') },
        ]),
      });
    }
    return 0;
  },
});

function outputOf(output: string): LineOutput {
  if (output === 'canonical' || output === 'verbatim') return output;
  throw new UsageError(`--output: got "${output}", expected canonical or verbatim`);
}

/** Only characters that need no care in SQL. */
function folderOf(location: string): string {
  if (/^s3:\/\/[A-Za-z0-9.-]+\/([A-Za-z0-9_.=-]+\/)*$/.test(location)) return location;
  throw new UsageError(`--location: got "${location}", expected s3://bucket/folder/`);
}

function dayOf(since: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(since) && !Number.isNaN(Date.parse(since))) return since;
  throw new UsageError(`--since: got "${since}", expected a day such as 2026-11-20`);
}
