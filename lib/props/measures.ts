/** Sizes and durations in the whole units that a service counts in; rejects what it would refuse. */

import type { Duration, Size } from 'aws-cdk-lib';
import { checked } from './checked';

/** What a service takes; `note` explains why, where that depends on something else. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly note?: string | undefined;
}

/** In seconds; a duration that is known at deployment only is passed on. */
export function checkDuration(property: string, duration: Duration, range: Range): number {
  if (duration.isUnresolved()) return duration.toSeconds();
  const seconds = duration.toSeconds({ integral: false });
  return checked(property, `${seconds} seconds`, () => {
    if (!isWithin(seconds, range)) throw new Error(`whole seconds ${inWords(range)}`);
    return seconds;
  });
}

/** In MiB; a size that is known at deployment only is passed on. */
export function checkSize(property: string, size: Size, range: Range): number {
  if (size.isUnresolved()) return size.toMebibytes();
  const mebibytes = size.toKibibytes() / 1024;
  return checked(property, `${mebibytes} MiB`, () => {
    if (!isWithin(mebibytes, range)) throw new Error(`whole MiB ${inWords(range)}`);
    return mebibytes;
  });
}

function isWithin(value: number, { min, max }: Range): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function inWords({ min, max, note }: Range): string {
  return `from ${min} to ${max}${note ? ` ${note}` : ''}`;
}
