import {
  csvFormat,
  jsonFormat,
  keyValueFormat,
  withTypographicQuotes,
  xmlFormat,
} from '../../../../../lambda/core/format/known/notations';

const names = 'ip httpMethod';
const ip = '$context.identity.sourceIp';
const method = '$context.httpMethod';

const cases = [
  { format: jsonFormat(names), expected: `{"ip":"${ip}","httpMethod":"${method}"}` },
  {
    format: xmlFormat(names),
    expected: `<request id="$context.requestId"> <ip>${ip}</ip> <httpMethod>${method}</httpMethod> </request>`,
  },
  { format: csvFormat(names), expected: `${ip},${method}` },
  { format: keyValueFormat(names), expected: `ip: ${ip}, httpMethod: ${method}` },
  { format: withTypographicQuotes(jsonFormat('ip')), expected: `{“ip”:“${ip}”}` },
];
for (const { format, expected } of cases) {
  test(`writes ${expected}`, () => {
    expect(format).toBe(expected);
  });
}

test('rejects a name that no field has', () => {
  expect(() => jsonFormat('ip nobody')).toThrow('no field is called nobody');
});
