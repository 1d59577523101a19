import { MAX_FORMAT_BYTES } from '../../../../../lambda/core/format/format';
import { formatsToPaste } from '../../../../../lambda/core/format/known/formats-to-paste';
import { sourceFormats } from '../../../../support/source-formats';

describe('the formats to paste', () => {
  for (const { name, fields } of sourceFormats) {
    test(`have that of ${name}, field by field and in its order`, () => {
      const format = formatsToPaste.find((known) => known.name === name)?.format ?? '';

      expect(Object.entries(JSON.parse(format))).toEqual(Object.entries(fields));
    });
  }

  test('are for the API types that their systems name', () => {
    const types = formatsToPaste.map(({ name, apiType }) => [name, apiType]);
    const expected = sourceFormats.map(({ name, apiType }) => [name, apiType.toUpperCase()]);

    expect(types).toEqual(expect.arrayContaining(expected));
  });

  for (const { name, format } of formatsToPaste) {
    test(`are short enough for API Gateway: ${name}`, () => {
      expect(Buffer.byteLength(format)).toBeLessThanOrEqual(MAX_FORMAT_BYTES);
      expect(format).not.toMatch(/[\r\n]/);
    });
  }
});
