import { Stack } from 'aws-cdk-lib';
import { logFormat } from '../../../lambda/core/format/known/log-format';
import { stageLogFormat } from '../../../lib/stages/stage-log-format';

function warningsOf({ node }: Stack): string[] {
  return node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => data);
}

describe('stageLogFormat', () => {
  for (const apiType of ['REST', 'HTTP', 'WEBSOCKET'] as const) {
    test(`renders the field table for a ${apiType} API, without a warning`, () => {
      const stack = new Stack();

      expect(stageLogFormat(stack, apiType)).toBe(logFormat(apiType));
      expect(stageLogFormat(stack, apiType, logFormat(apiType))).toBe(logFormat(apiType));
      expect(warningsOf(stack)).toEqual([]);
    });
  }

  test('takes a format that ends in a line break', () => {
    const format = '$context.extendedRequestId $context.status\n';

    expect(stageLogFormat(new Stack(), 'REST', format)).toBe(format);
  });

  test('warns of a format that writes a secret', () => {
    const stack = new Stack();

    stageLogFormat(stack, 'HTTP', '$context.requestId $context.identity.apiKey');

    expect(warningsOf(stack)).toEqual([
      expect.stringMatching(/contains \$context\.identity\.apiKey, a live credential.*in clear/),
    ]);
  });

  test('warns of lines that tell nobody whose they are', () => {
    const stack = new Stack();

    stageLogFormat(stack, 'REST', '$context.requestId $context.status');

    expect(warningsOf(stack)).toEqual([
      expect.stringContaining('do not tell $context.identity.apiKeyId, $context.apiId'),
    ]);
  });

  const refused: { format: string; expected: string }[] = [
    { format: '', expected: 'a format with $context.requestId' },
    { format: '$context.status', expected: 'a format with $context.requestId' },
    { format: '$context.requestId\n$context.status', expected: 'a single line' },
    { format: `$context.requestId${' '.repeat(3072)}`, expected: 'at most 3072 bytes' },
  ];
  for (const { format, expected } of refused) {
    test(`rejects ${JSON.stringify(format.slice(0, 40))}`, () => {
      expect(() => stageLogFormat(new Stack(), 'REST', format)).toThrow(
        `format: got "${format}", expected ${expected}`,
      );
    });
  }
});
