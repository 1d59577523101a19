/** The entry of the function that takes API Gateway's records out of a trail. */

import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { emitMetrics } from '../aws/emit-metrics';
import { functionLog } from '../aws/function-log';
import { pipelineName } from '../aws/pipeline-name';
import { requiredVariable } from '../aws/required-variable';
import { metricNames } from '../core/metrics';
import { changeDays } from './change-days';
import { extractChanges } from './extract-changes';
import { trailIn } from './trail';

/** A day of many files takes minutes; less is not begun. */
const TIME_FOR_A_DAY_MS = 300_000;

const pipeline = pipelineName();
const s3 = new S3Client();
const days = changeDays(s3, requiredVariable('CHANGE_DAYS'), requiredVariable('CHECKPOINT'));

export async function handler(_event: unknown, context: Context): Promise<void> {
  const log = functionLog(pipeline);
  const report = await extractChanges(
    {
      ...days,
      trail: trailIn(s3, requiredVariable('TRAIL')),
      unreadable: (key, cause) => log.warn('a file is left out', { key, cause: String(cause) }),
      now: Date.now,
      hasTime: () => context.getRemainingTimeInMillis() > TIME_FOR_A_DAY_MS,
    },
    requiredVariable('SINCE'),
  );
  log.info('changes extracted', { ...report });
  emitMetrics(pipeline, {
    [metricNames.changeDaysExtracted]: report.days.length,
    [metricNames.changeDaysBehind]: report.behind,
  });
}
