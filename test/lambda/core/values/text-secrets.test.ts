import { namesIn } from '../../../../lambda/core/format/configured-names';
import { treatSecretsInText } from '../../../../lambda/core/values/text-secrets';

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
    {
      text: '{&quot;apiKey&quot;: &quot;abcdefgh1234&quot;}',
      treated: '{&quot;apiKey&quot;: &quot;****1234&quot;}',
    },
    { text: '<apiKey a="b">abcdefgh1234</apiKey>', treated: '<apiKey a="b">****1234</apiKey>' },
    { text: "<a apiKey='abcdefgh1234' b='c'/>", treated: "<a apiKey='****1234' b='c'/>" },
    {
      text: '<apiKey><![CDATA[abcdefgh1234]]></apiKey>',
      treated: '<apiKey><![CDATA[****1234]]></apiKey>',
    },
    {
      text: '<apiKey><id>7</id><value>abcdefgh1234</value></apiKey><b>c</b>',
      treated: '<apiKey>****</apiKey><b>c</b>',
    },
    { text: '<apiKey><value>abcdefgh1234</value>', treated: '<apiKey>****' },
    {
      text: '<api id="1"><key b="2">abcdefgh1234</key></api>',
      treated: '<api id="1"><key b="2">****1234</key></api>',
    },
    {
      text: '<api id="1"><name>a</name> <key>abcdefgh1234</key></api>',
      treated: '<api id="1"><name>a</name> <key>****1234</key></api>',
    },
    {
      text: `<ns:apiKey xmlns:ns="${'http://example.com/'.repeat(20)}">abcdefgh1234</ns:apiKey>`,
      treated: `<ns:apiKey xmlns:ns="${'http://example.com/'.repeat(20)}">****1234</ns:apiKey>`,
    },
    {
      text: '<apiKey note="a>b">abcdefgh1234</apiKey><c>d</c>',
      treated: '<apiKey note="a>****1234</apiKey><c>d</c>',
    },
    { text: '<apiKey>ab&amp;cdefgh1234</apiKey>', treated: '<apiKey>****1234</apiKey>' },
    { text: '<apiKey> ab cdefgh1234</apiKey>', treated: '<apiKey> ****1234</apiKey>' },
    {
      text: '<apiKey><![CDATA[]]>abcdefgh1234</apiKey>',
      treated: '<apiKey><![CDATA[****1234</apiKey>',
    },
    {
      text: '<apiKey><!-- </apiKey> -->abcdefgh1234</apiKey><c>d</c>',
      treated: '<apiKey>****</apiKey><c>d</c>',
    },
    {
      text: '<apiKey><a><apiKeyValue>b</apiKeyValue></a>abcdefgh1234</apiKey>',
      treated: '<apiKey>****</apiKey>',
    },
    {
      text: '<apiKey><apiKey>b</apiKey>abcdefgh1234</apiKey><c>d</c>',
      treated: '<apiKey>****</apiKey><c>d</c>',
    },
    { text: '</apiKey>abcdefgh1234', treated: '</apiKey>abcdefgh1234' },
    { text: '<!-- apiKey -->abcdefgh1234', treated: '<!-- apiKey -->abcdefgh1234' },
    { text: 'a < b, apiKey > abcdefgh1234', treated: 'a < b, apiKey > ****1234' },
    {
      text: '"\\u003capiKey\\u003Eabcdefgh1234\\u003c/apiKey\\u003e"',
      treated: '"<apiKey>****1234</apiKey>"',
    },
    { text: '"?apiKey\\u003dabcdefgh1234"', treated: '"?apiKey=****1234"' },
    { text: '"\\u003ca\\u003eb"', treated: '"\\u003ca\\u003eb"' },
    // A name that is cut into three elements, none of which is a secret's.
    { text: '<a><pi><key>abcdefgh1234', treated: '<a><pi><key>****1234' },
    { text: '<apiKey/><a>abcdefgh1234</a>', treated: '<apiKey/><a>abcdefgh1234</a>' },
    { text: '<apiKey></apiKey><a>b</a>', treated: '<apiKey></apiKey><a>b</a>' },
    { text: "{'apiKey': 'abcdefgh1234', 'a': 1}", treated: "{'apiKey': '****1234', 'a': 1}" },
    { text: 'apiKey => abcdefgh1234', treated: 'apiKey => ****1234' },
    { text: '{"apiKey"\n:\n"abcdefgh1234"', treated: '{"apiKey"\n:\n"****1234"' },
    { text: '{"api\\nKey":"abcdefgh1234"', treated: '{"api\\nKey":"****1234"' },
    { text: '{"api_key\\n":"abcdefgh1234"', treated: '{"api_key\\n":"****1234"' },
    { text: '"<apiKey>\\n abcdefgh1234</apiKey>"', treated: '"<apiKey>\\n ****1234</apiKey>"' },
    { text: '"x-api-key:\\r\\n abcdefgh1234"', treated: '"x-api-key:\\r\\n ****1234"' },
    { text: '\\"apiKey\\":\\n\\"abcdefgh1234\\"', treated: '\\"apiKey\\":\\n\\"****1234\\"' },
    { text: 'apiKey:: abcdefgh1234', treated: 'apiKey:: ****1234' },
    {
      text: '{"api":{"id":"7","key":"abcdefgh1234"},"a":"b"c"}',
      treated: '{"api":{"id":"7","key":"****1234"},"a":"b"c"}',
    },
    {
      text: '{"x-api":[{"a":{"b":1},"Key":{"value":"abcdefgh1234"}}]',
      treated: '{"x-api":[{"a":{"b":1},"Key":****}]',
    },
    { text: '{api={id=7, key=abcdefgh1234}}', treated: '{api={id=7, key=****1234}}' },
    {
      text: '<api><id>7</id><key>abcdefgh1234</key></api>',
      treated: '<api><id>7</id><key>****1234</key></api>',
    },
    {
      text: '{"api":{"id":"7","keyId":"abcdefgh12"',
      treated: '{"api":{"id":"7","keyId":"abcdefgh12"',
    },
    { text: '{"key":"abcdefgh1234","api":"7"', treated: '{"key":"abcdefgh1234","api":"7"' },
    { text: 'apikey=apike"y=abcdefgh1234', treated: 'apikey=****pike"y=****1234' },
    { text: '{"apiKeyId":"abcdefgh1234"', treated: '{"apiKeyId":"abcdefgh1234"' },
    { text: '{"api_key":"-","stage', treated: '{"api_key":"-","stage' },
  ];
  for (const { text, treated } of cases) {
    test(`makes ${treated} of ${text}`, () => {
      expect(treatSecretsInText(text, 'mask')).toBe(treated);
    });
  }

  const key = 'abcdefghijklmnop1234';
  const configured = [
    {
      format: '{"call":"$context.path by $context.identity.apiKey","stage":"$context.stage"}',
      text: `{"call":"/a"b by ${key}","stage":"p"}`,
    },
    {
      format: '{"call":["$context.path","$context.identity.apiKey"],"stage":"$context.stage"}',
      text: `{"call":["/a"],"b","${key}"],"stage":"p"}`,
    },
    {
      format: '{"ua":"$context.identity.userAgent","credential":"$context.identity.apiKey"}',
      text: `ential":"${key}"}`,
    },
  ];
  for (const { format, text } of configured) {
    test(`finds a value that only its format tells, in ${text}`, () => {
      expect(treatSecretsInText(text, 'mask', namesIn([format]))).toBe(
        text.replace(key, '****1234'),
      );
    });
  }

  test('finds a value by its name, too, where a format has others without one', () => {
    const names = namesIn(['$context.identity.apiKey $context.path']);

    expect(treatSecretsInText(`{"apiKey":"abcdefgh1234 ${key}`, 'mask', names)).toBe(
      '{"apiKey":"****1234',
    );
    expect(treatSecretsInText(`apiKey=abcdefgh1234 ${key}`, 'mask', names)).toBe(
      'apiKey=****1234 ****1234',
    );
  });

  test('changes nothing where values are kept', () => {
    expect(treatSecretsInText('"api_key":"abcdefgh1234"', 'keep')).toBe('"api_key":"abcdefgh1234"');
  });
});
