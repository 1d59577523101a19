import { fieldOfVariable } from '../../../lambda/core/fields';
import { MAX_FORMAT_BYTES } from '../../../lambda/core/format';
import { apiTypes, formatsToPaste, recommendedFormat } from '../../../lambda/core/formats-to-paste';
import { variablesOf } from '../../support/render-line';
import { sourceFormats } from '../../support/source-formats';

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

describe('the recommended format', () => {
  for (const apiType of apiTypes) {
    test(`of a ${apiType} API says everything under its canonical name`, () => {
      const members = Object.entries(JSON.parse(recommendedFormat(apiType)));

      for (const [name, variable] of members) {
        expect(fieldOfVariable(String(variable))?.column).toBe(name);
      }
    });

    test(`of a ${apiType} API tells whose request it was, and no secret`, () => {
      const variables = variablesOf(recommendedFormat(apiType));

      expect(variables).toEqual(expect.arrayContaining(['requestId', 'apiId', 'stage']));
      expect(variables.includes('identity.apiKeyId')).toBe(apiType !== 'HTTP');
      expect(variables.filter((variable) => fieldOfVariable(variable)?.secret)).toEqual([]);
    });
  }
});
