/** The entry of the function that closes days, writes their roll-ups, and the page where one is asked for. */

import { randomUUID } from 'node:crypto';
import { AthenaClient } from '@aws-sdk/client-athena';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { emitMetrics } from '../aws/emit-metrics';
import { functionLog } from '../aws/function-log';
import { pipelineName } from '../aws/pipeline-name';
import { requiredVariable } from '../aws/required-variable';
import { metricNames } from '../core/metrics';
import { readPageClient } from '../page/client-files';
import { composeStep, type PageSettings } from './compose';

const pipeline = pipelineName();
const step = composeStep({
  athena: new AthenaClient(),
  s3: new S3Client(),
  place: { workgroup: requiredVariable('WORKGROUP'), database: requiredVariable('DATABASE') },
  lines: requiredVariable('LINES'),
  since: requiredVariable('SINCE'),
  location: requiredVariable('LOCATION'),
  lateDays: Number(requiredVariable('LATE_DAYS')),
  page: pageSettings(),
  now: Date.now,
  run: randomUUID,
});

function pageSettings(): PageSettings | undefined {
  const url = process.env['PAGE'];
  if (url === undefined) return undefined;
  return {
    url,
    days: Number(requiredVariable('PAGE_DAYS')),
    client() {
      const client = readPageClient(__dirname);
      if (!client) throw new Error(`no code of the page in ${__dirname}`);
      return client;
    },
  };
}

export async function handler(_event: unknown, context: Context): Promise<void> {
  const log = functionLog(pipeline);
  const { pageError, ...report } = await step(context);
  log.info('days closed', { ...report });
  if (pageError !== undefined) log.error('page not written', { error: pageError });
  emitMetrics(pipeline, {
    [metricNames.daysClosed]: report.closed.length,
    [metricNames.daysBehind]: report.behind,
  });
}
