/** Closes days and writes their roll-ups by hand, as the stack's own step does every hour. */

import { randomUUID } from 'node:crypto';
import { AthenaClient } from '@aws-sdk/client-athena';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { closeDays, OpenDayBefore } from '../../lambda/analytics/close-days';
import { firstDayOf } from '../../lambda/analytics/first-day';
import { runQuery } from '../../lambda/aws/run-query';
import { clientConfig } from '../aws/session';
import { resourcesOf } from '../aws/stack';
import { command } from '../command';
import { explained } from '../report/athena';
import { counted } from '../terminal/counted';
import { onInterruption } from '../terminal/interruption';
import { UsageError } from '../usage-error';

export const rollup = command({
  name: 'rollup',
  about:
    'Closes days that are over and writes their roll-ups, as the stack itself does every hour.',
  usage: ['--stack NAME [--from DAY] [--to DAY]'],
  options: {
    'Which days': {
      stack: { type: 'string', value: 'NAME', description: 'a stack deployed with analytics' },
      from: { type: 'string', value: 'DAY', description: 'the first day, the oldest unless given' },
      to: { type: 'string', value: 'DAY', description: 'the last day, the newest unless given' },
    },
  },
  examples: [
    {
      line: 'rollup --stack access-logs --from 2026-11-01 --to 2026-11-07',
      does: 'a week, after an outage:',
    },
  ],
  notes: [
    'A day that is closed stays as it is, and a day that is not over, or whose late lines are waited ' +
      'for, stays open. No day before the range may be open: days are closed in order. It takes what the role of the stack may: the workgroup, the tables in Glue, ' +
      'and writing below analytics/.',
  ],
  exitCodes: ['the days are closed', 'not all of them'],
  async run({ values: { stack, from, to } }, terminal) {
    if (stack === undefined) throw new UsageError('which stack? expected --stack NAME');
    checkDays(from, to);
    const { place, ...options } = await settingsOf(stack);
    const interruption = onInterruption(() => terminal.note('stopping after this statement …'));
    const athena = new AthenaClient({ ...clientConfig(), maxAttempts: 8 });
    const s3 = new S3Client(clientConfig());
    const { signal } = interruption;
    try {
      const { closed, rolledUp, behind } = await closeDays(
        {
          async query(statement) {
            terminal.progress.show(statement.replace(/\s+/g, ' ').slice(0, 60));
            try {
              return (await runQuery(athena, place, statement, { signal })).rows;
            } catch (error) {
              throw explained(error as Error, statement, place);
            }
          },
          firstDay: () => firstDayOf(s3, options.lines, options.since),
          now: Date.now,
          run: randomUUID(),
          hasTime: () => !signal.aborted,
        },
        { lateDays: options.lateDays, location: options.location, from, to },
      );
      terminal.progress.clear();
      terminal.print(`closed: ${closed.join(', ') || 'no day'}`);
      terminal.print(`rolled up: ${rolledUp.join(', ') || 'no day'}`);
      if (behind > 0) terminal.warn(`${counted(behind, 'day')} left open`);
      return behind === 0 ? 0 : 1;
    } catch (error) {
      if (error instanceof OpenDayBefore) throw new UsageError(`--from: ${error.message}`);
      throw error;
    } finally {
      interruption.release();
      athena.destroy();
      s3.destroy();
    }
  },
});

function checkDays(from: string | undefined, to: string | undefined): void {
  for (const [option, day] of [
    ['--from', from],
    ['--to', to],
  ]) {
    if (day === undefined) continue;
    const isDay = /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day));
    if (!isDay) throw new UsageError(`${option}: got "${day}", expected a day such as 2026-11-25`);
  }
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError(`--from: got ${from}, expected a day that is not after --to ${to}`);
  }
}

/** What the stack's own step works with. */
async function settingsOf(stack: string) {
  const names = (await resourcesOf(stack))
    .filter(({ type, logicalId }) => type === 'AWS::Lambda::Function' && /Closing/.test(logicalId))
    .map(({ physicalId }) => physicalId);
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw new UsageError(
      names.length > 1
        ? `stack "${stack}" has several functions that close days: ${names.join(', ')}`
        : `stack "${stack}" has no analytics: expected one deployed with analytics=true`,
    );
  }
  const client = new LambdaClient(clientConfig());
  try {
    const { Environment } = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: name }),
    );
    const setting = (key: string): string => {
      const value = Environment?.Variables?.[key];
      if (value === undefined) throw new UsageError(`the function ${name} has no ${key}`);
      return value;
    };
    return {
      place: { workgroup: setting('WORKGROUP'), database: setting('DATABASE') },
      location: setting('LOCATION'),
      lines: setting('LINES'),
      since: setting('SINCE'),
      lateDays: Number(setting('LATE_DAYS')),
    };
  } finally {
    client.destroy();
  }
}
