import { Pass } from '../../../../../lambda/core/batch/batch-pass';
import { Catalog } from '../../../../../lambda/core/catalog/catalog';
import { checkFormat } from '../../../../../lambda/core/format/check/check';
import { formatsToPaste } from '../../../../../lambda/core/format/known/formats-to-paste';
import { knownFormats } from '../../../../../lambda/core/format/known/known-formats';
import { rendererFor } from '../../../../../lambda/core/output/renderer-for';
import { outputs, readSettings } from '../../../../../lambda/core/settings/settings';
import { findings, good, instead } from '../../../../support/checked-formats';
import { firehoseEvent, textOf } from '../../../../support/firehose';
import { renderLine } from '../../../../support/render-line';

describe('checkFormat', () => {
  test('has nothing to say against a good format', () => {
    expect(checkFormat(good)).toEqual({
      notation: 'json',
      variables: [
        ...['requestId', 'extendedRequestId', 'apiId', 'stage', 'identity.apiKeyId', 'status'],
      ],
      bytes: good.length,
      knownAs: [],
      attribution: { customer: true, usagePlan: true },
      lacks: [],
      logsKeyValues: false,
      exposesKeyValues: false,
      findings: [],
    });
  });

  for (const { name, format, apiType } of formatsToPaste.slice(0, 3)) {
    test(`has no problem with the format of this pipeline: ${name}`, () => {
      const { attribution } = checkFormat(format);

      expect(findings(format, 'problem')).toEqual([]);
      expect(attribution.usagePlan).toBe(apiType !== 'HTTP');
    });
  }

  test('knows the known formats, however they are spaced', () => {
    for (const { name, format } of knownFormats) {
      const spaced = format.startsWith('{') ? format.replace(/,/g, ' , ') : format;
      expect(checkFormat(spaced).knownAs).toContain(name);
    }
  });
});

test.each(['$context.authorizer.apiKey', '$context.requestOverride.header.x-api-key'])(
  '%s is a key’s value, too',
  (variable) => {
    const named = checkFormat(instead('"status":"$context.status"', `"k":"${variable}"`));

    expect(named.logsKeyValues).toBe(true);
  },
);

test('does not count on a name that holds another value', () => {
  const format = instead('$context.identity.apiKeyId', '$context.identity.apiKey');

  expect(checkFormat(format).attribution).toEqual({ customer: false, usagePlan: false });
  expect(findings(format, 'problem')).toHaveLength(4);
});

describe('says whether a key’s value goes out in clear', () => {
  const secret = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789wxyz';
  const value = '$context.identity.apiKey';
  const members = [
    { member: `"k":"${value}"`, isExposed: true },
    { member: `"headers":{"auth":"${value}"}`, isExposed: true },
    { member: `"list":["${value}"]`, isExposed: true },
    { member: `"note":"of ${value}"`, isExposed: true },
    { member: `"apiKey":"${value}"`, isExposed: false },
    { member: `"API_KEY":"${value}"`, isExposed: false },
    { member: `"headers":{"X-Api-Key":"${value}"}`, isExposed: false },
    { member: `"apiKey":["${value}"]`, isExposed: false },
    { member: `"apiKey":{"value":"${value}"}`, isExposed: false },
    { member: `"list":[{"api-key":"${value}"}]`, isExposed: false },
    { member: `"context":{"identity":{"apiKey":"${value}"}}`, isExposed: false },
    { member: `"note":"{\\"apiKey\\":\\"${value}\\"}"`, isExposed: false },
    { member: `"note":"{\\"token\\":\\"${value}\\"}"`, isExposed: true },
    { member: `"pairs":[{"name":"x-api-key","value":"${value}"}]`, isExposed: true },
  ];
  for (const { member, isExposed } of members) {
    test.each(outputs)(`${member} (%s)`, (output) => {
      const format = instead('"status":"$context.status"', member);
      const line = renderLine(format, (variable) =>
        variable === 'identity.apiKey' ? secret : 'word',
      );
      const { records } = firehoseEvent(line);
      const [result] = new Pass(records, Catalog.empty, {
        renderer: rendererFor(readSettings({ OUTPUT: output })),
        readOther: () => undefined,
        maxInflatedBytes: 1024,
      }).results;

      expect(checkFormat(format)).toMatchObject({
        logsKeyValues: true,
        exposesKeyValues: isExposed,
      });
      expect(textOf(result).includes(secret)).toBe(isExposed);
      expect(findings(format, 'problem').join().includes('goes out in clear')).toBe(isExposed);
    });
  }

  test('of a known format, or without such a value, it does not', () => {
    for (const { format } of knownFormats) {
      expect(checkFormat(format).exposesKeyValues).toBe(false);
    }
    expect(checkFormat(good).logsKeyValues).toBe(false);
  });

  test('of a text format, by what stands before it', () => {
    const positional = '$context.requestId $context.identity.apiKey';
    const named = '$context.requestId apiKey=$context.identity.apiKey';

    expect(checkFormat(positional).exposesKeyValues).toBe(true);
    expect(checkFormat(named).exposesKeyValues).toBe(false);
  });
});

test('lacks what no name tells, and of an HTTP API nothing', () => {
  const format = instead('"key_id"', '"k"');

  expect(checkFormat(format).lacks).toEqual(['identity.apiKeyId']);
  expect(checkFormat(format, 'REST').lacks).toEqual(['identity.apiKeyId']);
  expect(checkFormat(format, 'HTTP').lacks).toEqual([]);
});

test('counts on nested members that reading finds', () => {
  const format =
    '{"context":{"requestId":"$context.requestId","apiId":"$context.apiId","stage":"$context.stage",' +
    '"identity":{"apiKeyId":"$context.identity.apiKeyId"}}}';

  expect(checkFormat(format)).toMatchObject({
    attribution: { customer: true, usagePlan: true },
    lacks: [],
  });
});

test('two variables side by side in a string of JSON are JSON', () => {
  const format = instead('$context.status', 'https://$context.domainName$context.path');

  expect(checkFormat(format)).toMatchObject({
    notation: 'json',
    attribution: { customer: true, usagePlan: true },
    findings: [],
  });
});

test('says which known format takes the lines of one that is not configured', () => {
  const request =
    '$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] ' +
    '"$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength';
  const words = '$context.customDomain.routingRuleIdMatched $context.protocol $context.requestId';

  expect(findings(`${request} $context.requestId $context.requestId`, 'hint')).toContain(
    `not JSON and not known: its lines are read once logFormats has it (cdk deploy -c logFormats='["…"]', or LOG_FORMATS)`,
  );
  expect(findings(`${request} $context.requestId $context.identity.apiKeyId`, 'hint')).toContain(
    'some of its lines are taken for those of aws-rest-clf, aws-http-clf until it is configured',
  );
  expect(findings(`$context.path ${words} $context.extendedRequestId`, 'problem')).toContain(
    'some of its lines are taken for those of aws-routing-rules-clf, wrongly: configure it',
  );
});
