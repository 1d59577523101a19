import { checkFormat } from '../../../../../lambda/core/format/check/check';
import { findings, good, instead } from '../../../../support/checked-formats';

const problems = [
  { title: 'no variable', format: 'x', text: 'got "x", expected a $context variable in it' },
  { title: 'several lines', format: good.replace(/,/g, ',\n'), text: 'got 6 lines, expected one' },
  {
    title: 'more than API Gateway takes',
    format: instead('"status"', `"${'x'.repeat(3_000)}"`),
    text: 'got 3192 bytes, expected 3072 at most',
  },
  {
    title: 'variables that nothing tells apart',
    format: instead('"$context.status"', '$context.status$context.path'),
    text: 'got "$context.status$context.path", expected something between the two that tells their values apart',
  },
  {
    title: 'neither request id',
    format:
      '{"apiId":"$context.apiId","stage":"$context.stage","key_id":"$context.identity.apiKeyId"}',
    text: 'API Gateway asks for $context.requestId or $context.extendedRequestId: add both',
  },
  {
    title: 'a variable that does not exist',
    format: instead('$context.status', '$context.sourceIp'),
    text: 'there is no $context.sourceIp: write $context.identity.sourceIp',
  },
  {
    title: 'a variable in another case, which is one of the request ids',
    format: '{"requestId":"$context.requestID","extendedRequestId":"$context.extendedRequestId"}',
    text: 'there is no $context.requestID: write $context.requestId',
  },
  {
    title: 'a variable that is misspelt',
    format: instead('$context.apiId', '$context.apId'),
    text: '$context.apId is not known here: did you mean $context.apiId?',
  },
  {
    title: 'a variable in the name of a member',
    format: instead('"apiId":', '"$context.apiId":'),
    text: 'got the member name "$context.apiId", expected one without a variable: API Gateway replaces it there too, so that each line has another name',
  },
  {
    title: 'what is no $context variable',
    format: instead('$context.status', '$input.path'),
    text: 'an access log can have $context variables only: $input.path is none',
  },
  {
    title: 'no key id',
    format: instead('"key_id":"$context.identity.apiKeyId",', ''),
    text: 'no customer: add "apiKeyId":"$context.identity.apiKeyId" (HTTP APIs have no keys)',
  },
  {
    title: 'no API',
    format: instead('"apiId":"$context.apiId",', ''),
    text: 'no usage plan, which depends on the API: add "apiId":"$context.apiId"',
  },
  {
    title: 'no stage, outside of JSON',
    format:
      '$context.requestId $context.extendedRequestId $context.apiId $context.identity.apiKeyId',
    text: 'no usage plan, which depends on the stage: add $context.stage',
  },
  {
    title: 'a key id by a name that is not known',
    format: instead('"key_id"', '"key"'),
    text: 'no customer: rename "key" to "apiKeyId" (HTTP APIs have no keys)',
  },
  {
    title: 'a stage inside another object',
    format: instead('"stage":"$context.stage"', '"api":{"stage":"$context.stage"}'),
    text: 'no usage plan, which depends on the stage: move $context.stage out of the value that it is part of, as "stage"',
  },
  {
    title: 'a name that stands for another field',
    format: instead('$context.status', '$context.integration.status'),
    text: '"status" stands for $context.status, not for $context.integration.status: call it "integrationStatus"',
  },
  {
    title: 'a secret',
    format: instead('"status":"$context.status"', '"apiKey":"$context.identity.apiKey"'),
    text: "$context.identity.apiKey is a live credential, which every reader of the log gets: leave it out, the key's id is enough",
  },
  {
    title: 'a number without quotes',
    format: instead('"$context.status"', '$context.status'),
    text: 'put $context.status in quotes: where there is no value, a mere - breaks the JSON',
  },
  {
    title: 'an error message in twice the quotes',
    format: instead(
      '"status":"$context.status"',
      '"errorMessageString":"$context.error.messageString"',
    ),
    text: '$context.error.messageString brings its own quotes: log "$context.error.message" instead',
  },
  {
    title: 'a quote that is missing',
    format: instead('"stage"', 'stage"'),
    text: 'it begins like JSON and is none: look at quotes and commas',
  },
  {
    title: 'typographic quotes',
    format: good.replace(/"([^"]*)"/g, '“$1”'),
    text: 'use straight quotes (") for typographic ones (“ ”): lines are no JSON',
  },
  {
    title: 'quotes around the whole format',
    format: `'${good}'`,
    text: 'there are quotes around the whole format, which every line then has: leave them out',
  },
  {
    title: 'what a format lacks that has a route key, as REST formats of AWS have',
    format: '{"requestId":"$context.requestId","routeKey":"$context.routeKey"}',
    text: 'no customer: add "apiKeyId":"$context.identity.apiKeyId" (HTTP APIs have no keys)',
  },
  {
    title: 'a | behind a variable',
    format: '$context.requestId|$context.status',
    text: 'put something before each |: an HTTP API takes a | behind a variable for a part of its name, and refuses the format',
  },
  {
    title: 'escaped quotes',
    format: good.replaceAll('"', '\\"'),
    text: 'leave out the backslashes before quotes: they are written as they are',
  },
];

describe('finds a problem:', () => {
  for (const { title, format, text } of problems) {
    test(title, () => {
      expect(findings(format, 'problem')).toContain(text);
    });
  }
});

const hints = [
  {
    title: 'one request id only',
    format: instead('"requestId":"$context.requestId",', ''),
    text: 'AWS advises to log both request ids: add $context.requestId',
  },
  {
    title: 'a variable that is new, or misspelt',
    format: instead('"$context.status"', '"$context.novelty"'),
    text: '$context.novelty is not known here: it is delivered as it is written',
  },
  {
    title: 'what a format lacks that may be of an HTTP API, which has no keys',
    format: '{"requestId":"$context.requestId","bytes":"$context.dataProcessed"}',
    text: 'no customer: add "apiKeyId":"$context.identity.apiKeyId" (HTTP APIs have no keys)',
  },
  {
    title: 'an error message without quotes',
    format: instead(
      '"status":"$context.status"',
      '"errorMessageString":$context.error.messageString',
    ),
    text: 'without a message, $context.error.messageString may be a mere -: log "$context.error.message" instead',
  },
  {
    title: 'a typed line break',
    format: `${good}\\n`,
    text: 'a \\n that is typed into the console is two characters at the end of each line',
  },
  {
    title: 'no JSON, and not known',
    format: '$context.requestId|$context.stage',
    text: `not JSON and not known: its lines are read once logFormats has it (cdk deploy -c logFormats='["…"]', or LOG_FORMATS)`,
  },
  {
    title: 'values that may look like the next one',
    format: '$context.requestId|$context.path|$context.stage',
    text: 'a line may be refused where the value of $context.path contains the text that follows it in the format: prefer JSON',
  },
];

describe('gives a hint:', () => {
  for (const { title, format, text } of hints) {
    test(title, () => {
      expect(findings(format, 'hint')).toContain(text);
    });
  }
});

test('tells of one mistake once', () => {
  const ids = '"requestId":"$context.requestId","extendedRequestId":"$context.extendedRequestId"';

  expect(findings(good.replace(ids, '"requestId":"$context.requestID"'), 'problem')).toEqual([
    'there is no $context.requestID: write $context.requestId',
  ]);
  expect(findings(instead('$context.apiId', '$context.apId'), 'problem')).toEqual([
    '$context.apId is not known here: did you mean $context.apiId?',
  ]);
});

test('counts on no value whose name changes from line to line', () => {
  const keyId = instead('"key_id":', '"$context.identity.apiKeyId":');
  const secret = instead('"status":', '"$context.identity.apiKey":');

  expect(checkFormat(keyId).attribution).toEqual({ customer: false, usagePlan: false });
  expect(checkFormat(secret).exposesKeyValues).toBe(true);
});

test('says nothing of HTTP APIs where the format is of another', () => {
  const format = good.replace('"key_id"', '"key"');

  expect(checkFormat(format, 'REST').findings.map(({ text }) => text)).toEqual([
    'no customer: rename "key" to "apiKeyId"',
  ]);
});

test('takes an authorizer for one that may have any property', () => {
  const format = instead('"$context.status"', '"$context.authorizer.customerId"');

  expect(findings(format, 'hint')).toEqual([]);
});

test('lets the epoch be called the request time', () => {
  const format = instead('"status":"$context.status"', '"requestTime":"$context.requestTimeEpoch"');

  expect(checkFormat(format).findings).toEqual([]);
});

test('names whose column is that of the variable mislead nobody', () => {
  for (const [name, variable] of [
    ['integrationLatency', 'integrationLatency'],
    ['integrationError', 'integrationErrorMessage'],
  ]) {
    const format = instead('"status":"$context.status"', `"${name}":"$context.${variable}"`);
    expect(findings(format, 'problem')).toEqual([]);
  }
});
