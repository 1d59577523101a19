/** Whether the function does its work, and where to read why it does not. */

import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientConfig } from '../aws/session';
import { counted } from '../terminal/counted';
import type { Examination } from './finding';
import { METRIC_HOURS } from './metrics';

export const functionErrors: Examination = async ({ stream, metrics: read, region }) => {
  const area = 'function';
  const { functionName } = stream;
  if (!functionName)
    return { area, level: 'wrong', text: 'the stream calls none: nothing is enriched' };
  const metrics = await read();
  const [invocations, errors, throttles] = [
    metrics.sum('invocations'),
    metrics.sum('errors'),
    metrics.sum('throttles'),
  ];
  const calls = `${counted(invocations, 'call')} in ${METRIC_HOURS} hours`;
  if (errors + throttles === 0) return { area, level: 'fine', text: `${calls}, none failed` };
  const parts = [
    ...(errors > 0 ? [`${errors.toLocaleString('en-US')} failed`] : []),
    ...(throttles > 0 ? [`${throttles.toLocaleString('en-US')} throttled`] : []),
  ];
  const logGroup = await logGroupOf(functionName, region);
  return {
    area,
    level: 'wrong',
    text: `${calls}, ${parts.join(', ')}`,
    next: [
      `aws logs tail ${logGroup} --since ${METRIC_HOURS}h --filter-pattern ERROR --region ${region}`,
    ],
  };
};

async function logGroupOf(functionName: string, region: string): Promise<string> {
  const client = new LambdaClient(clientConfig(region));
  try {
    const { LoggingConfig } = await client.send(
      new GetFunctionConfigurationCommand({ FunctionName: functionName }),
    );
    return LoggingConfig?.LogGroup ?? `/aws/lambda/${functionName}`;
  } finally {
    client.destroy();
  }
}
