/** How old the usage plans are that lines are attributed by, and whether reading them fails. */

import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { clientConfig } from '../aws/session';
import { counted } from '../terminal/counted';
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
  const details = [
    ...(writtenAt ? [`shared by all containers, written ${sinceThen(writtenAt, now)} ago`] : []),
    ...(failures > 0
      ? [`reading the usage plans failed ${counted(failures, 'time')} in ${METRIC_HOURS} hours`]
      : []),
  ];
  if (age === undefined) {
    const level = failures > 0 ? 'attention' : 'fine';
    return { area, level, text: `no batch has needed it in ${METRIC_HOURS} hours`, details };
  }
  const text = `the usage plans are ${spanOf(age)} old`;
  if (age <= OLD_SECONDS && failures === 0) return { area, level: 'fine', text, details };
  const next = [
    `aws apigateway get-usage-plans --query "items[].id" --region ${region}`,
    ...(stream.functionName
      ? [
          `aws lambda get-function-configuration --function-name ${stream.functionName} --region ${region}`,
        ]
      : []),
  ];
  return { area, level: age > OLD_SECONDS ? 'wrong' : 'attention', text, details, next };
};

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
