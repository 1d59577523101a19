import { unparsedRenderer } from '../../../../lambda/core/output/unparsed';

describe('a line that nothing could read', () => {
  const render = unparsedRenderer({ apiKeyValues: 'mask' });

  test('is delivered as an object of one line', () => {
    expect(render('hello\t"world"')).toBe('{"unparsed_line":"hello\\t\\"world\\""}\n');
  });

  test('brings its bytes along where the text has lost some', () => {
    const bytes = Buffer.from([0x61, 0xff]);

    expect(JSON.parse(render(bytes.toString(), bytes))).toEqual({
      unparsed_line: 'a\ufffd',
      unparsed_line_base64: bytes.toString('base64'),
    });
  });

  test('leaves the bytes out where they would give a secret away', () => {
    const bytes = Buffer.from('{"api_key":"abcdefgh1234",\xff', 'latin1');

    expect(render(bytes.toString(), bytes)).toBe(
      '{"unparsed_line":"{\\"api_key\\":\\"****1234\\",\ufffd"}\n',
    );
  });
});
