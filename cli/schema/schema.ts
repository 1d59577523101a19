/** Prints the columns of delivered lines. */

import { command } from '../command';
import { printTable } from '../terminal/table';
import { deliveredColumns } from './delivered-columns';

export const schema = command({
  name: 'schema',
  about:
    'Prints the columns of canonical lines, which queries read: the type of each, the variable of ' +
    'the log that it holds, and where an ECS document has it.',
  usage: ['[--json]'],
  options: {
    '': {
      json: {
        type: 'boolean',
        description: 'print JSON, also with the names that a log line may give a field',
      },
    },
  },
  exitCodes: ['printed', 'not printed'],
  async run({ values: { json = false } }, terminal) {
    if (json) terminal.print(JSON.stringify(deliveredColumns, undefined, 2));
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
