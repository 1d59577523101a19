/** What a stage logs, and where to. */

import { isSameDestination } from '../destination';

export interface AccessLog {
  /** A Firehose stream's or a log group's. */
  readonly destinationArn: string;
  readonly format: string;
}

interface Settings {
  readonly destinationArn?: string | undefined;
  readonly format?: string | undefined;
}

/** Undefined where a stage logs nothing. */
export function accessLogOf(settings: Settings | undefined): AccessLog | undefined {
  if (!settings?.destinationArn) return undefined;
  return { destinationArn: settings.destinationArn, format: settings.format ?? '' };
}

export function isSameLog(a: AccessLog | undefined, b: AccessLog | undefined): boolean {
  if (!a || !b) return a === b;
  return isSameDestination(a.destinationArn, b.destinationArn) && a.format === b.format;
}
