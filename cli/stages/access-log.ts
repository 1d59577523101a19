/** What a stage logs, and where to. */

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

export function isSameDestination(a: string, b: string): boolean {
  return bare(a) === bare(b);
}

/** The log group that an ARN stands for, if it does. */
export function logGroupOf(arn: string): string | undefined {
  return /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:(.+)$/.exec(bare(arn))?.[1];
}

/** The Firehose stream that an ARN stands for, if it does. */
export function streamOf(arn: string): string | undefined {
  return /^arn:[^:]+:firehose:[^:]*:[^:]*:deliverystream\/(.+)$/.exec(arn)?.[1];
}

export function destinationName(arn: string): string {
  const stream = streamOf(arn);
  if (stream !== undefined) return `stream ${stream}`;
  const logGroup = logGroupOf(arn);
  return logGroup === undefined ? arn : `log group ${logGroup}`;
}

/** CloudWatch Logs itself writes a log group's ARN with `:*`, which API Gateway refuses. */
function bare(arn: string): string {
  return arn.replace(/:\*$/, '');
}
