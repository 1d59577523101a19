import { treatSecret, treatSecretsInText } from '../../../../lambda/core/values/secrets';

describe('treatSecret', () => {
  const cases = [
    { treatment: 'mask', value: 'abcdefghijklmnop1234', treated: '****1234' },
    { treatment: 'mask', value: 'abcd', treated: '****' },
    { treatment: 'mask', value: '-', treated: '-' },
    { treatment: 'mask', value: '', treated: '' },
    { treatment: 'keep', value: 'abcdefgh1234', treated: 'abcdefgh1234' },
    { treatment: 'remove', value: 'abcdefgh1234', treated: undefined },
    {
      treatment: 'hash',
      value: 'abc',
      treated: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    },
    { treatment: 'hash', value: '-', treated: '-' },
  ] as const;
  for (const { treatment, value, treated } of cases) {
    test(`${treatment} makes ${treated} of ${JSON.stringify(value)}`, () => {
      expect(treatSecret(value, treatment)).toBe(treated);
    });
  }
});

describe('treatSecretsInText', () => {
  const cases = [
    { text: '{"api_key":"abcdefgh1234","stage', treated: '{"api_key":"****1234","stage' },
    { text: '{“api_key”: “abcdefgh1234”,', treated: '{“api_key”: “****1234”,' },
    { text: 'apiKey: abcdefgh1234, ip: 1', treated: 'apiKey: ****1234, ip: 1' },
    { text: '<apiKey>abcdefgh1234</apiKey>', treated: '<apiKey>****1234</apiKey>' },
    {
      text: '{"log":"{\\"api_key\\":\\"abcdefgh1234\\"}"',
      treated: '{"log":"{\\"api_key\\":\\"****1234\\"}"',
    },
    { text: '{"apiKeyId":"abcdefgh1234"', treated: '{"apiKeyId":"abcdefgh1234"' },
    { text: '{"api_key":"-","stage', treated: '{"api_key":"-","stage' },
  ];
  for (const { text, treated } of cases) {
    test(`makes ${treated} of ${text}`, () => {
      expect(treatSecretsInText(text, 'mask')).toBe(treated);
    });
  }

  test('changes nothing where values are kept', () => {
    expect(treatSecretsInText('"api_key":"abcdefgh1234"', 'keep')).toBe('"api_key":"abcdefgh1234"');
  });
});
