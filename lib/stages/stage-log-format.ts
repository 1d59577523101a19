/** The format that an attached stage writes: the project's own for its API type, or one that is given. */

import { Annotations, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { fields } from '../../lambda/core/fields';
import { type ApiType, logFormat } from '../../lambda/core/format/known/log-format';
import { checked } from '../props/checked';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html: 3 KB. */
const MAX_FORMAT_BYTES = 3 * 1024;

const secretVariables = fields
  .filter((field) => field.secret)
  .map(({ variable }) => `$context.${variable}`);

/** Rejects what API Gateway would refuse; warns on the scope of what would write a secret. */
export function stageLogFormat(scope: IConstruct, apiType: ApiType, format?: string): string {
  if (format === undefined) return logFormat(apiType);
  if (Token.isUnresolved(format)) return format;
  checked('format', format, parseFormat);
  for (const variable of secretVariables) {
    // Not the longer name that begins alike: `identity.apiKeyId`.
    if (!new RegExp(`${variable.replace(/[$.]/g, '\\$&')}\\b`).test(format)) continue;
    Annotations.of(scope).addWarningV2(
      'apigateway-access-logs:secretInLogFormat',
      `the access log format contains ${variable}, a live credential: CloudWatch Logs and ` +
        'source backups keep it as it is, delivered lines as apiKeyValues says',
    );
  }
  return format;
}

function parseFormat(format: string): string {
  if (!/\$context\.(requestId|extendedRequestId)\b/.test(format)) {
    throw new Error('a format with $context.requestId or $context.extendedRequestId');
  }
  if (/[\r\n]./.test(format)) throw new Error('a single line');
  if (Buffer.byteLength(format) > MAX_FORMAT_BYTES) {
    throw new Error(`at most ${MAX_FORMAT_BYTES} bytes`);
  }
  return format;
}
