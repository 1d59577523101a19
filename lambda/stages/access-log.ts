/** What a stage logs, and where to. */

import { isSameDestination } from './destination';

export interface AccessLog {
  /** A Firehose stream's or a log group's. */
  readonly destinationArn: string;
  /** REST API stages can have a destination alone; API Gateway refuses an empty format. */
  readonly format?: string | undefined;
}

/** Undefined where a stage logs nothing. */
export function accessLogOf(settings: Partial<AccessLog> | undefined): AccessLog | undefined {
  if (!settings?.destinationArn) return undefined;
  const { destinationArn, format } = settings;
  return format ? { destinationArn, format } : { destinationArn };
}

export function isSameLog(a: AccessLog | undefined, b: AccessLog | undefined): boolean {
  if (!a || !b) return a === b;
  return isSameDestination(a.destinationArn, b.destinationArn) && a.format === b.format;
}
