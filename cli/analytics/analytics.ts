/** Whether Athena takes every statement of the panels: for the first deploy of a stack's analytics. */

import { AthenaClient } from '@aws-sdk/client-athena';
import { boundedSql, periodOf } from '../../analytics/athena/bounded';
import { storedQueries } from '../../analytics/athena/stored-queries';
import { panels } from '../../analytics/panels/all';
import { DAY } from '../../analytics/time-zone';
import { type AthenaPlace, QueryError, runQuery } from '../../lambda/aws/run-query';
import { didYouMean } from '../../lambda/core/nearest';
import { clientConfig } from '../aws/session';
import { command } from '../command';
import { explained } from '../report/athena';
import { findAnalytics } from '../report/stack-analytics';
import { counted } from '../terminal/counted';
import { onInterruption } from '../terminal/interruption';
import { printable } from '../terminal/printable';
import { printTable } from '../terminal/table';
import { UsageError } from '../usage-error';

/** Fewer than an account may run at a time. */
const AT_ONCE = 5;

interface Statement {
  readonly panel: string;
  readonly kind: 'panel' | 'saved query';
  readonly sql: string;
}

export const analytics = command({
  name: 'analytics',
  about: 'Has Athena explain every statement of the panels, without running one: nothing is read.',
  usage: ['verify --stack NAME [PANEL…]'],
  positional: {
    name: 'verify',
    description: 'what to do; the panels after it are those to look at, all unless named',
  },
  options: {
    'Which stack': {
      stack: { type: 'string', value: 'NAME', description: 'a stack deployed with analytics' },
    },
  },
  examples: [{ line: 'analytics verify --stack access-logs', does: 'after the first deploy:' }],
  exitCodes: ['Athena takes all of them', 'not all'],
  async run({ values: { stack }, positionals: [action, ...ids] }, terminal) {
    if (action !== 'verify') throw new UsageError(`got ${action ?? 'nothing'}, expected verify`);
    if (stack === undefined) throw new UsageError('which stack? expected --stack NAME');
    checkIds(ids);
    const place = await findAnalytics(stack);
    const interruption = onInterruption(() => terminal.note('stopping …'));
    const client = new AthenaClient({ ...clientConfig(), maxAttempts: 8 });
    const { signal } = interruption;
    try {
      const statements = statementsOf(place.database, Date.now(), ids);
      const reasons = await explainAll({ client, place, signal }, statements, (done) =>
        terminal.progress.show(`explained: ${done} of ${statements.length} statements`),
      );
      terminal.progress.clear();
      printTable(terminal, {
        head: ['panel', 'statement', '', 'reason'],
        rows: statements.map(({ panel, kind }, index) => {
          const reason = reasons[index];
          return [
            { text: panel, colors: ['bold'] },
            { text: kind },
            reason === undefined
              ? { text: 'ok', colors: ['green'] }
              : { text: 'failed', colors: ['red'] },
            { text: printable(reason ?? '') },
          ];
        }),
      });
      const failed = reasons.filter((reason) => reason !== undefined).length;
      terminal.warn(`${failed} of ${counted(statements.length, 'statement')} failed`);
      return failed === 0 ? 0 : 1;
    } finally {
      interruption.release();
      client.destroy();
    }
  },
});

function checkIds(ids: readonly string[]): void {
  const known = panels.map(({ id }) => id);
  for (const id of ids) {
    if (!known.includes(id)) throw new UsageError(`no panel "${id}"${didYouMean(id, known)}`);
  }
}

function statementsOf(database: string, now: number, ids: readonly string[]): Statement[] {
  const period = { from: now - 7 * DAY, to: now };
  const ofPanels = panels.map((panel): Statement => {
    const sql = panel.sql({ ...period, timeZone: 'UTC', bucket: 'hour', filter: {} });
    const bounded = boundedSql(sql, periodOf(sql, period), database);
    return { panel: panel.id, kind: 'panel', sql: bounded };
  });
  const saved = storedQueries(database).map(
    ({ name, sql }): Statement => ({ panel: name, kind: 'saved query', sql }),
  );
  return [...ofPanels, ...saved].filter(({ panel }) => ids.length === 0 || ids.includes(panel));
}

/** By the index of the statement, why it failed. */
async function explainAll(
  { client, place, signal }: { client: AthenaClient; place: AthenaPlace; signal: AbortSignal },
  statements: readonly Statement[],
  show: (done: number) => void,
): Promise<(string | undefined)[]> {
  const reasons: (string | undefined)[] = statements.map(() => undefined);
  const queue = [...statements.entries()];
  let done = 0;
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, { sql }] = next;
      try {
        await runQuery(client, place, `explain ${sql}`, { signal });
      } catch (error) {
        if (!(error instanceof QueryError)) throw explained(error as Error, sql, place);
        reasons[index] = error.message.split('\n')[0];
      }
      show(++done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return reasons;
}
