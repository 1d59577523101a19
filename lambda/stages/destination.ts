/** Where access logs go to, by its ARN. */

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
