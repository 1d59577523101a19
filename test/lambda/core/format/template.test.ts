import { partsOf, templateOf } from '../../../../lambda/core/format/template';

describe('partsOf', () => {
  const cases = [
    { format: 'a$context.x b', literals: ['a', ' b'], variables: ['x'] },
    { format: '$context.a.b$context.c', literals: ['', '', ''], variables: ['a.b', 'c'] },
    { format: '$context.a.', literals: ['', '.'], variables: ['a'] },
    { format: '$context.a_b-c', literals: ['', '-c'], variables: ['a_b'] },
    {
      format: '$context.responseOverride.header.x-tokens-$context.responseOverride.status-x',
      literals: ['', '-', '-x'],
      variables: ['responseOverride.header.x-tokens', 'responseOverride.status'],
    },
    { format: '$context $input.x', literals: ['$context $input.x'], variables: [] },
  ];
  for (const { format, literals, variables } of cases) {
    test(`takes ${format} apart`, () => {
      expect(partsOf(format)).toEqual({ literals, variables });
    });
  }
});

describe('templateOf', () => {
  const notations = [
    { format: '{"a":"$context.x"}', notation: 'json' },
    { format: '{"a":$context.x}', notation: 'json' },
    { format: '{ "a" : { "b" : [ "$context.x", true ] } }', notation: 'json' },
    { format: '{“a”:“$context.x”}', notation: 'json' },
    { format: '{"$context.x":1}', notation: 'json' },
    { format: '{"a":"\\"$context.x\\""}', notation: 'json' },
    { format: '["$context.x"]', notation: 'text' },
    { format: '"$context.x"', notation: 'text' },
    { format: '{"a":"$context.x",b":"$context.y"}', notation: 'text' },
    { format: '{\\"a\\":\\"$context.x\\"}', notation: 'text' },
    { format: '{“a”:“say "hi" $context.x”}', notation: 'text' },
    { format: '<r a="$context.x"/>', notation: 'xml' },
    { format: '$context.x,$context.y', notation: 'text' },
    { format: '$context.x', notation: 'text' },
  ];
  for (const { format, notation } of notations) {
    test(`takes ${format} for ${notation}`, () => {
      expect(templateOf(partsOf(format)).notation).toBe(notation);
    });
  }

  test('cuts JSON where blanks may stand', () => {
    const { literals, jsonLiterals, slots } = templateOf(partsOf('{"a b": “$context.x y” }'));

    expect(literals).toEqual(['{', '"a b"', ':', '“', ' y”', '}']);
    expect(jsonLiterals).toEqual(['{', '"a b"', ':', '"', ' y"', '}']);
    expect(slots.map((slot) => slot?.variable)).toEqual([...Array(3), 'x', undefined]);
  });

  test('lets blanks stand between tags, and between a bracket and a quote', () => {
    const xml = templateOf(partsOf('<r><a>$context.a</a> <b>$context.b</b></r>'));
    const clf = templateOf(partsOf('[$context.a]"$context.b"'));

    expect(xml.literals).toEqual(['<r>', '<a>', '</a>', '<b>', '</b>', '</r>']);
    expect(clf.literals).toEqual(['[', ']', '"', '"']);
  });

  const names = [
    { format: '<ip>$context.identity.sourceIp</ip>', names: ['ip'] },
    { format: '<r id="$context.requestId"/>', names: ['request_id'] },
    { format: 'ip: $context.identity.sourceIp', names: ['ip'] },
    { format: 'key_id=$context.identity.apiKeyId', names: ['key_id'] },
    { format: 'user = "$context.identity.user"', names: ['user'] },
    { format: 'user: $context.identity.caller', names: ['caller'] },
    { format: '$context.stage,$context.apiId', names: ['stage', 'api_id'] },
    { format: 'who: $context.authorizer.customerId', names: ['who'] },
    { format: '[$context.authorizer.customerId]', names: ['authorizer_customer_id'] },
    {
      format: '$context.integrationStatus $context.integration.integrationStatus',
      names: ['integration_service_status', 'integrationIntegrationStatus'],
    },
  ];
  for (const { format, names: expected } of names) {
    test(`calls the fields of ${format} ${expected.join(' and ')}`, () => {
      const { slots } = templateOf(partsOf(format));

      expect(slots.flatMap((slot) => slot?.name ?? [])).toEqual(expected);
    });
  }
});
