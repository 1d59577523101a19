/** How old the usage plans are that lines are attributed by, and whether reading them fails. */

import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { clientConfig } from '../aws/session';
import { counted } from '../terminal/counted';
import { crawlerQueueOf } from './crawler-queue';
import { type Examination, spanOf } from './finding';
import { METRIC_HOURS } from './metrics';

/** When the alarm catalog-old goes off at the earliest. */
const OLD_SECONDS = 3600;

export const catalogAge: Examination = async ({ pipeline, stream, metrics: read, region, now }) => {
  const area = 'catalog';
  const metrics = await read();
  const age = metrics.latest('catalogAge');
  const failures = metrics.sum('reloadFailures') + metrics.sum('crawlFailures');
  const writtenAt = await snapshotTime(pipeline.bucket, pipeline.region);
  const crawler = await crawlerState(stream.functionName, region);
  const details = [
    ...(writtenAt ? [`shared by all containers, written ${sinceThen(writtenAt, now)} ago`] : []),
    ...(failures > 0
      ? [`reading the usage plans failed ${counted(failures, 'time')} in ${METRIC_HOURS} hours`]
      : []),
    ...crawler.details,
  ];
  const isCalm = failures === 0 && crawler.next.length === 0;
  if (age === undefined) {
    const level = isCalm ? 'fine' : 'attention';
    const text = `no batch has needed it in ${METRIC_HOURS} hours`;
    return { area, level, text, details, next: crawler.next };
  }
  const text = `the usage plans are ${spanOf(age)} old`;
  if (age <= OLD_SECONDS && isCalm) return { area, level: 'fine', text, details };
  const next = [
    ...crawler.next,
    `aws apigateway get-usage-plans --query "items[].id" --region ${region}`,
    ...(stream.functionName
      ? [
          `aws lambda get-function-configuration --function-name ${stream.functionName} --region ${region}`,
        ]
      : []),
  ];
  return { area, level: age > OLD_SECONDS ? 'wrong' : 'attention', text, details, next };
};

/** What waits in the crawler's queue, and what to type where it failed at something. */
async function crawlerState(
  functionName: string | undefined,
  region: string,
): Promise<{ details: string[]; next: string[] }> {
  const nothing = { details: [], next: [] };
  if (functionName === undefined) return nothing;
  try {
    const queue = await crawlerQueueOf(functionName, region);
    if (!queue) return nothing;
    const { waiting, dead, deadLettersUrl } = queue;
    const details = [
      ...(waiting > 0 ? [`${counted(waiting, 'message')} in the crawler's queue`] : []),
      ...(dead > 0 ? [`${counted(dead, 'message')} that the crawler failed at`] : []),
    ];
    const look = `aws sqs receive-message --queue-url ${deadLettersUrl} --visibility-timeout 0 --region ${region}`;
    return { details, next: dead > 0 ? [look] : [] };
  } catch (error) {
    // One right that is missing must not hide the rest.
    return {
      details: [`the crawler's queue could not be read: ${(error as Error).name}`],
      next: [],
    };
  }
}

/** When the shared snapshot was written last; undefined where each container reads its own. */
async function snapshotTime(bucket: string, region: string): Promise<Date | undefined> {
  const client = new S3Client(clientConfig(region));
  try {
    const { Contents = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: '_catalog/' }),
    );
    const times = Contents.map(({ LastModified }) => LastModified?.getTime() ?? 0);
    return times.length > 0 ? new Date(Math.max(...times)) : undefined;
  } finally {
    client.destroy();
  }
}

function sinceThen(then: Date, now: Date): string {
  return spanOf((now.getTime() - then.getTime()) / 1000);
}
