import { Token } from 'aws-cdk-lib';
import { checked } from './checked';

export const DEFAULT_PIPELINE_NAME = 'access-logs';

/** API Gateway delivers to no stream whose name begins otherwise. */
const STREAM_NAME_PREFIX = 'amazon-apigateway-';
const MAX_STREAM_NAME_LENGTH = 64;
const MAX_NAME_LENGTH = MAX_STREAM_NAME_LENGTH - STREAM_NAME_PREFIX.length;

/** The name of a pipeline's stream; rejects a name that cannot be part of one. */
export function streamNameOf(pipelineName: string): string {
  if (!Token.isUnresolved(pipelineName)) checked('name', pipelineName, parsePipelineName);
  return `${STREAM_NAME_PREFIX}${pipelineName}`;
}

/** A stack is named after its pipeline too, hence no `_` and no `.`, which a stream could have. */
export function parsePipelineName(text: string): string {
  if (text.length > MAX_NAME_LENGTH || !/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(text)) {
    throw new Error(`1 to ${MAX_NAME_LENGTH} letters, digits and hyphens, the first no hyphen`);
  }
  return text;
}
