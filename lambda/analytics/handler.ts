/** The entry of the function that closes days and writes their roll-ups. */

import { randomUUID } from 'node:crypto';
import { AthenaClient } from '@aws-sdk/client-athena';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { emitMetrics } from '../aws/emit-metrics';
import { functionLog } from '../aws/function-log';
import { pipelineName } from '../aws/pipeline-name';
import { requiredVariable } from '../aws/required-variable';
import { runQuery } from '../aws/run-query';
import { metricNames } from '../core/metrics';
import { closeDays } from './close-days';
import { firstDayOf } from './first-day';

/** A day of many lines takes minutes; less is not begun. */
const TIME_FOR_A_DAY_MS = 240_000;

const pipeline = pipelineName();
const place = { workgroup: requiredVariable('WORKGROUP'), database: requiredVariable('DATABASE') };
const athena = new AthenaClient();
const s3 = new S3Client();

export async function handler(_event: unknown, context: Context): Promise<void> {
  const log = functionLog(pipeline);
  const signal = AbortSignal.timeout(context.getRemainingTimeInMillis() - 10_000);
  const report = await closeDays(
    {
      query: async (statement) => (await runQuery(athena, place, statement, { signal })).rows,
      firstDay: () => firstDayOf(s3, requiredVariable('LINES')),
      now: Date.now,
      run: randomUUID(),
      hasTime: () => context.getRemainingTimeInMillis() > TIME_FOR_A_DAY_MS,
    },
    { lateDays: Number(requiredVariable('LATE_DAYS')), location: requiredVariable('LOCATION') },
  );
  log.info('days closed', { ...report });
  emitMetrics(pipeline, {
    [metricNames.daysClosed]: report.closed.length,
    [metricNames.daysBehind]: report.behind,
  });
}
