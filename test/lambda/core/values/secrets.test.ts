import { treatSecret } from '../../../../lambda/core/values/secrets';

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
    // The last four of UTF-16 begin in the middle of a character.
    { treatment: 'mask', value: 'abcdefgh😀123', treated: '****123' },
    { treatment: 'mask', value: 'abcdefgh😀12', treated: '****😀12' },
  ] as const;
  for (const { treatment, value, treated } of cases) {
    test(`${treatment} makes ${treated} of ${JSON.stringify(value)}`, () => {
      expect(treatSecret(value, treatment)).toBe(treated);
    });
  }
});
