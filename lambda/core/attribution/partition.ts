/**
 * Which folder a record is delivered to: the partition key that the function returns for it.
 *
 * Firehose takes one key for each record, and a record can hold many lines: of an envelope they are
 * all of one log group's stage, hence of one API, but of any plan and any customer. Where they differ
 * the record goes to `mixed`. To split it would cost another pass through the stream for each piece,
 * to pick one of the values would put lines of one customer into the folder of another.
 */

import { createHash } from 'node:crypto';
import { isNoValue } from '../fields';
import { Names } from '../names';
import { type LogLine, memberNamed, memberText, tokenOf } from '../record/log-line';
import { type Attribution, apiIdOf, isFree } from './attribute';

/** What records can be put into folders by. */
export const partitionings = ['none', 'api', 'plan', 'customer'] as const;

export type Partitioning = (typeof partitionings)[number];

/** The key's name, as the stream's prefix refers to it. */
export const PARTITION_KEY = 'partition';

/** The folder of lines that name no API, plan or customer. */
const NO_PARTITION = 'none';

/** The folder of records whose lines belong to different partitions. */
export const MIXED_PARTITIONS = 'mixed';

/** Amazon's limit is 1,024 bytes for a whole object key. */
export const MAX_PARTITION_LENGTH = 64;

export interface PartitionOptions {
  readonly partitionBy: Partitioning;
  readonly usagePlanField: string;
  readonly customerNameField: string;
}

/** The partition of a delivered line. */
export type Partitioner = (line: LogLine, attribution: Attribution) => string;

/** Undefined where records are not partitioned. */
export function partitionerFor(
  options: PartitionOptions,
  names: Names = Names.ofTable,
): Partitioner | undefined {
  const { partitionBy, usagePlanField, customerNameField } = options;
  switch (partitionBy) {
    case 'none':
      return undefined;
    case 'api':
      return (line) => partitionName(apiIdOf(line, names));
    case 'plan':
      return (line, { usagePlan }) => partitionName(delivered(line, usagePlanField, usagePlan));
    case 'customer':
      return (line, { customerName }) =>
        partitionName(delivered(line, customerNameField, customerName));
  }
}

/** The partition of a line that names no plan and no customer itself. */
export function attributedPartition(
  partitionBy: Partitioning,
  apiId: string,
  { usagePlan, customerName }: Attribution,
): string | undefined {
  if (partitionBy === 'none') return undefined;
  const values = { api: apiId, plan: usagePlan, customer: customerName };
  return partitionName(values[partitionBy]);
}

/** The partition of a record from those of its lines so far and the next one. */
export function joinPartitions(soFar: string | undefined, next: string): string {
  return soFar === undefined || soFar === next ? next : MIXED_PARTITIONS;
}

const plainName = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const endsLikeHash = /-[0-9a-f]{12}$/;

/**
 * A value as the name of a folder: of bounded length, and of characters that mean nothing to S3, Hive
 * or Firehose. What has to be changed for it gets a hash of the whole value, and so does what looks as
 * if it had been changed: two values never share a folder.
 */
export function partitionName(value: string | undefined): string {
  if (isNoValue(value)) return NO_PARTITION;
  if (isPlain(value)) return value;
  const hash = createHash('sha256').update(value).digest('hex').slice(0, 12);
  const stem = value
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, MAX_PARTITION_LENGTH - hash.length - 1);
  return `${stem || 'name'}-${hash}`;
}

function isPlain(value: string): boolean {
  return (
    value.length <= MAX_PARTITION_LENGTH &&
    plainName.test(value) &&
    !endsLikeHash.test(value) &&
    value !== NO_PARTITION &&
    value !== MIXED_PARTITIONS
  );
}

/** What the line says in the end: its own value, from an authorizer for instance, wins. */
function delivered(line: LogLine, field: string, attributed: string): string | undefined {
  const member = memberNamed(line, field);
  return member && !isFree(tokenOf(line, member)) ? memberText(line, member) : attributed;
}
