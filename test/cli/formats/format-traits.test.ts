import { formatTraits, variablesOf } from '../../../cli/formats/format-traits';
import { logFormat } from '../../../lambda/core/format/known/log-format';

for (const apiType of ['REST', 'HTTP', 'WEBSOCKET'] as const) {
  test(`the recommended format of ${apiType} APIs lacks nothing and holds no secret`, () => {
    expect(formatTraits(logFormat(apiType), apiType)).toEqual({ lacks: [], isSecret: false });
  });
}

test('finds variables in a format of any notation', () => {
  const format =
    '$context.identity.sourceIp - [$context.requestTime] "$context.path" $context.status.';

  expect([...variablesOf(format)]).toEqual(['identity.sourceIp', 'requestTime', 'path', 'status']);
});

test('a key’s value is no key’s id', () => {
  const format = '$context.apiId $context.stage $context.identity.apiKey';

  expect(formatTraits(format, 'REST')).toEqual({ lacks: ['identity.apiKeyId'], isSecret: true });
});

test('an HTTP API, which knows no keys, lacks none', () => {
  expect(formatTraits('$context.requestId', 'HTTP').lacks).toEqual([]);
});
