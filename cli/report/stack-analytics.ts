/** Where the analytics of a stack are: from its outputs, or its resources. */

import type { AthenaPlace } from '../../lambda/aws/run-query';
import { outputsOf, resourcesOf } from '../aws/stack';
import { UsageError } from '../usage-error';

/** Where the page of a stack is that writes one, `s3://bucket/analytics/page/report.html`. */
export async function findPage(stack: string): Promise<string | undefined> {
  return (await outputsOf(stack)).get('AnalyticsPage');
}

export async function findAnalytics(stack: string): Promise<AthenaPlace> {
  const outputs = await outputsOf(stack);
  const [workgroup, database] = [
    outputs.get('AnalyticsWorkgroup'),
    outputs.get('AnalyticsDatabase'),
  ];
  if (workgroup && database) return { workgroup, database };
  const resources = await resourcesOf(stack);
  const named = (type: string, end: RegExp) =>
    resources
      .filter((it) => it.type === type && end.test(it.physicalId))
      .map((it) => it.physicalId);
  const workgroups = named('AWS::Athena::WorkGroup', /-access-logs$/);
  const databases = named('AWS::Glue::Database', /./);
  const [onlyWorkgroup] = workgroups;
  const [onlyDatabase] = databases;
  if (workgroups.length === 1 && databases.length === 1 && onlyWorkgroup && onlyDatabase) {
    return { workgroup: onlyWorkgroup, database: onlyDatabase };
  }
  throw new UsageError(
    workgroups.length > 1 || databases.length > 1
      ? `stack "${stack}" has the workgroups ${workgroups.join(', ')} and the databases ${databases.join(', ')}: expected one of each`
      : `stack "${stack}" has no analytics: expected one deployed with analytics=true`,
  );
}
