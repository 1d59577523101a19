/** How objects are named in the bucket's folders: Firehose's expressions for the time and the partition. */

import { Token } from 'aws-cdk-lib';
import { PARTITION_KEY, type Partitioning } from '../../lambda/core/attribution/partition';
import {
  ERRORS_FOLDER,
  LOGS_FOLDER,
  REPLAYED_FOLDER,
  SOURCE_FOLDER,
} from '../../lambda/core/folders';
import { checked } from '../props/checked';

/** Hive's `key=value` folders, which Athena and Glue take for partitions; the day is a date there. */
const HOUR_FOLDERS = 'day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/';

/** The folders are no names of columns: Athena refuses a table that has a name twice. */
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

export const errorPrefix = `${ERRORS_FOLDER}!{firehose:error-output-type}/${HOUR_FOLDERS}`;

export const sourcePrefix = `${SOURCE_FOLDER}${HOUR_FOLDERS}`;

/** The prefix of delivered logs, `logs/` where none is given. */
export function logsPrefixOf(prefix: string = LOGS_FOLDER): string {
  if (!Token.isUnresolved(prefix)) checked('prefix', prefix, parsePrefix);
  return prefix;
}

const reserved = [ERRORS_FOLDER, REPLAYED_FOLDER, SOURCE_FOLDER];

/** Only characters that need no care in S3, and no expression of Firehose's. */
export function parsePrefix(text: string): string {
  if (text.length > 128 || !/^([A-Za-z0-9_.=-]+\/)+$/.test(text)) {
    throw new Error('folders of letters, digits and _ . = -, each with a / at its end, up to 128');
  }
  if (reserved.some((folder) => text.startsWith(folder))) {
    throw new Error(`other folders than ${reserved.join(', ')}`);
  }
  // What the pipeline keeps there beside logs: usage plans, notes on attached stages.
  if (text.startsWith('_')) throw new Error('a folder that does not begin with _');
  return text;
}
