/** Where things lie in the bucket: one table of folders, for the stream, readers and lifecycle rules. */

import { Token } from 'aws-cdk-lib';
import { PARTITION_KEY, type Partitioning } from '../../lambda/core/attribution/partition';
import { checked } from '../props/checked';

export const DEFAULT_PREFIX = 'logs/';

/** What could not be processed or delivered; a folder for each of Firehose's kinds of error. */
export const ERRORS_PREFIX = 'errors/';

/** Records as they came, where they are backed up. */
export const SOURCE_PREFIX = 'source/';

/** Hive's `key=value` folders, which Athena and Glue take for partitions. */
const HOUR_FOLDERS =
  'year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/';

/** None is the name of a column: Athena refuses a table that has a name twice. */
export const partitionFolders: { readonly [By in Exclude<Partitioning, 'none'>]: string } = {
  api: 'api',
  plan: 'plan',
  customer: 'customer',
};

/**
 * Partition first, time second, so that one prefix stands for all that a customer's reader may see.
 */
export function deliveryPrefix(prefix: string, partitionBy: Partitioning): string {
  if (partitionBy === 'none') return `${prefix}${HOUR_FOLDERS}`;
  const key = `!{partitionKeyFromLambda:${PARTITION_KEY}}`;
  return `${prefix}${partitionFolders[partitionBy]}=${key}/${HOUR_FOLDERS}`;
}

export const errorPrefix = `${ERRORS_PREFIX}!{firehose:error-output-type}/${HOUR_FOLDERS}`;

export const sourcePrefix = `${SOURCE_PREFIX}${HOUR_FOLDERS}`;

/** The prefix of delivered logs, `logs/` where none is given. */
export function logsPrefixOf(prefix: string = DEFAULT_PREFIX): string {
  if (!Token.isUnresolved(prefix)) checked('prefix', prefix, parsePrefix);
  return prefix;
}

/** Only characters that need no care in S3, and no expression of Firehose's. */
export function parsePrefix(text: string): string {
  if (text.length > 128 || !/^([A-Za-z0-9_.=-]+\/)+$/.test(text)) {
    throw new Error('folders of letters, digits and _ . = -, each with a / behind it, up to 128');
  }
  if (text.startsWith(ERRORS_PREFIX) || text.startsWith(SOURCE_PREFIX)) {
    throw new Error(`other folders than ${ERRORS_PREFIX} and ${SOURCE_PREFIX}`);
  }
  return text;
}
