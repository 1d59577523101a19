/** The format that an attached stage writes: the project's own for its API type, or one that is given. */

import { Annotations, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkFormat } from '../../lambda/core/format/check/check';
import { MAX_FORMAT_BYTES } from '../../lambda/core/format/format';
import { type ApiType, logFormat } from '../../lambda/core/format/known/log-format';
import { checked } from '../props/checked';

/**
 * Rejects what API Gateway would refuse; warns on the scope of what would write a secret, and of lines
 * that could not be attributed.
 */
export function stageLogFormat(scope: IConstruct, apiType: ApiType, format?: string): string {
  if (format === undefined) return logFormat(apiType);
  if (Token.isUnresolved(format)) return format;
  checked('format', format, parseFormat);
  const { lacks, logsKeyValues, exposesKeyValues } = checkFormat(format, apiType);
  if (lacks.length > 0) {
    const missing = lacks.map((variable) => `$context.${variable}`).join(', ');
    Annotations.of(scope).addWarningV2(
      'apigateway-access-logs:logFormatLacks',
      `the lines of the access log format do not tell ${missing}: without, none is attributed in full`,
    );
  }
  if (logsKeyValues) {
    const clear = exposesKeyValues
      ? ', but as nothing in it tells where, in clear unless logFormats has the format'
      : '';
    Annotations.of(scope).addWarningV2(
      'apigateway-access-logs:secretInLogFormat',
      'the access log format contains $context.identity.apiKey, a live credential: CloudWatch Logs and ' +
        `source backups keep it as it is, delivered lines as apiKeyValues says${clear}`,
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
