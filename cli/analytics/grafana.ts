/** A dashboard for those who look at everything in Grafana. */

import { grafanaDashboard, notInGrafana } from '../../analytics/render/grafana';
import { command } from '../command';
import { findAnalytics } from '../report/stack-analytics';
import { UsageError } from '../usage-error';

export const grafana = command({
  name: 'grafana',
  about:
    "Prints a dashboard to import into Grafana, for its Athena data source, from the report's panels.",
  usage: ['--stack NAME | --database NAME [--title TEXT]'],
  options: {
    'Of what': {
      stack: { type: 'string', value: 'NAME', description: 'a stack deployed with analytics' },
      database: { type: 'string', value: 'NAME', description: "Glue's database, without a stack" },
      title: {
        type: 'string',
        value: 'TEXT',
        description: 'what the dashboard is called',
        default: 'API Gateway access logs',
      },
    },
  },
  examples: [{ line: 'grafana --stack access-logs > dashboard.json', does: 'to be imported:' }],
  notes: [
    'Each panel is a query that Athena charges by what it reads; nothing refreshes by itself. Panels ' +
      `whose statements do not follow from a range of time are left out: ${Object.keys(notInGrafana).join(', ')}.`,
  ],
  exitCodes: ['the dashboard was printed', 'not'],
  async run({ values: { stack, database, title } }, terminal) {
    if ((stack === undefined) === (database === undefined)) {
      throw new UsageError('expected either --stack NAME or --database NAME');
    }
    if (database !== undefined && !/^[a-z0-9_]{1,128}$/.test(database)) {
      throw new UsageError(
        `--database: got "${database}", expected lower-case letters, digits and underscores`,
      );
    }
    const name = database ?? (await findAnalytics(stack ?? '')).database;
    terminal.print(JSON.stringify(grafanaDashboard({ database: name, title }), undefined, 2));
    for (const [id, reason] of Object.entries(notInGrafana)) {
      terminal.warn(`left out: ${id}: it ${reason}`);
    }
    return 0;
  },
});
