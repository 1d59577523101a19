import type { Columns } from '../../../../lambda/core/output/columns';
import { columnIndex } from '../../../../lambda/core/output/columns';
import { conversions, derivations } from '../../../../lambda/core/output/ecs-values';
import { derivedToken } from '../../../../lambda/core/output/layout';

/** A line with these values, all of them text. */
function lineWith(values: Record<string, string>): Columns {
  const texts = new Map(
    Object.entries(values).map(([column, text]) => [columnIndex(column), text]),
  );
  const token = (index: number) =>
    texts.has(index) ? JSON.stringify(texts.get(index)) : undefined;
  return {
    token,
    has: (index) => texts.has(index),
    text: (index) => texts.get(index),
    fact({ index, read }) {
      const text = texts.get(index);
      return text === undefined ? undefined : read(text);
    },
    isSame: (index, other) => token(index) === token(other),
    isIpv4: (index) => /^\d+\.\d+\.\d+\.\d+$/.test(texts.get(index) ?? ''),
  };
}

function derived(path: string, values: Record<string, string>, region?: string) {
  const line = lineWith(values);
  return derivedToken(line, derivations[path]?.(line, region ? JSON.stringify(region) : undefined));
}

describe('a value in the form that ECS wants', () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['protocol', 'HTTP/1.1', '"1.1"'],
    ['protocol', 'https', undefined],
    ['response_latency', '12', '12000000'],
    ['response_latency', '0', '0'],
    ['response_latency', '1234567890123', undefined],
    ['client_cert_serial_number', 'a1:b2', '"A1B2"'],
    ['client_cert_serial_number', 'not: one', '"not: one"'],
    ['tls_version', 'TLSv1.3', '"1.3"'],
    ['tls_version', 'SSLv3', undefined],
    ['xray_trace_id', 'Root=1-5759e988', '"1-5759e988"'],
    ['xray_trace_id', 'Root=', '"Root="'],
  ];
  for (const [column, text, token] of cases) {
    test(`${column} ${text} is ${token ?? 'left to extra'}`, () => {
      expect(conversions[column]?.(text)).toBe(token);
    });
  }
});

describe('a value that takes several columns', () => {
  const arn = 'arn:aws:sts::111122223333:assumed-role/reader/session';
  const cases: readonly (readonly [string, Record<string, string>, string | undefined])[] = [
    ['event.outcome', { status: '399' }, '"success"'],
    ['event.outcome', { status: '400' }, '"failure"'],
    ['event.outcome', { status: '600' }, undefined],
    ['event.type', { status: '499' }, '["access"]'],
    ['event.type', { status: '500' }, '["access","error"]'],
    ['event.action', { event_type: 'CONNECT' }, '"connect"'],
    ['event.action', {}, '"request"'],
    ['url.scheme', {}, undefined],
    ['url.scheme', { domain_name: 'a.example' }, '"https"'],
    ['url.scheme', { domain_name: 'a.example', connection_id: 'c' }, '"wss"'],
    ['url.full', { domain_name: 'a.example', path: '/b' }, '"https://a.example/b"'],
    ['url.full', { domain_name: 'a.example', path: 'b' }, undefined],
    ['url.full', { path: '/b' }, undefined],
    ['source.ip', { source_ip: '203.0.113.7' }, '"203.0.113.7"'],
    ['source.ip', { source_ip: '2001:db8::1' }, '"2001:db8::1"'],
    ['source.ip', { source_ip: 'test-invoke-source-ip' }, undefined],
    ['related.ip', { source_ip: '203.0.113.7' }, '["203.0.113.7"]'],
    ['user.id', { authorizer_principal_id: 'b', user: 'a' }, '"a"'],
    ['user.name', { user_arn: arn }, '"session"'],
    ['user.roles', { user_arn: arn }, '["reader"]'],
    ['related.user', { user: 'a', authorizer_principal_id: 'a', caller: 'c' }, '["a","c"]'],
    ['tls.version_protocol', { tls_version: '1.3' }, '"tls"'],
    ['error.message', { integration_error: 'second', error_message_string: 'first' }, '"first"'],
    ['http.request.id', { request_id: 'r' }, '"r"'],
  ];
  for (const [path, values, token] of cases) {
    test(`${path} of ${JSON.stringify(values)} is ${token ?? 'nothing'}`, () => {
      expect(derived(path, values)).toBe(token);
    });
  }

  test('the Region is that of the domain, else that of the function', () => {
    const domain = 'a1.execute-api.eu-west-1.amazonaws.com';

    expect(derived('cloud.region', { domain_name: domain }, 'us-east-1')).toBe('"eu-west-1"');
    expect(derived('cloud.region', { domain_name: 'api.example' }, 'us-east-1')).toBe(
      '"us-east-1"',
    );
    expect(derived('cloud.region', {}, '')).toBeUndefined();
  });
});
