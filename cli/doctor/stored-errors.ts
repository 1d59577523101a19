/** What lies under `errors/`, and why. */

import { S3Client } from '@aws-sdk/client-s3';
import { ERRORS_FOLDER } from '../../lambda/core/folders';
import { clientConfig } from '../aws/session';
import { FailedObjects } from '../replay/failed-objects';
import { FailureSummary } from '../replay/failure-summary';
import { counted } from '../terminal/counted';
import { type Examination, spanOf } from './finding';

/** How many of the newest objects are read to find out why; `replay --dry-run` reads them all. */
const READ_OBJECTS = 5;
const SHOWN_REASONS = 4;

export const storedErrors: Examination = async ({ pipeline, named, now, terminal }) => {
  const area = ERRORS_FOLDER;
  const failed = new FailedObjects(new S3Client(clientConfig(pipeline.region)), pipeline.bucket);
  const objects = await failed.list(ERRORS_FOLDER);
  if (objects.length === 0) return { area, level: 'fine', text: 'nothing' };
  const newest = objects.toSorted((a, b) => b.modifiedAt.getTime() - a.modifiedAt.getTime());
  const summary = new FailureSummary();
  let unreadable = 0;
  for (const [index, object] of newest.slice(0, READ_OBJECTS).entries()) {
    terminal.progress.show(`reading errors/ ${index + 1}`);
    try {
      for await (const record of failed.records(object)) summary.add(record);
    } catch {
      unreadable++;
    }
  }
  const reasons = summary.byCount();
  const details = reasons
    .slice(0, SHOWN_REASONS)
    .map(({ count, code, message }) => `${count.toLocaleString('en-US')} ${code}: ${message}`);
  if (unreadable > 0) details.push(`${counted(unreadable, 'object')} not as Firehose writes them`);
  const of = objects.length > READ_OBJECTS ? `; the newest ${READ_OBJECTS} hold` : '';
  const age = spanOf((now.getTime() - (newest[0]?.modifiedAt.getTime() ?? 0)) / 1000);
  const isElsewhere = objects.some(
    ({ key }) => !key.startsWith(`${ERRORS_FOLDER}processing-failed/`),
  );
  const prefix = isElsewhere ? ` --prefix ${ERRORS_FOLDER}` : '';
  return {
    area,
    level: 'wrong',
    text: `${counted(objects.length, 'object')}, the newest ${age} old${of}`,
    details,
    next: [`apigw-logs replay ${named}${prefix} --dry-run`],
  };
};
