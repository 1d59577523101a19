import fc from 'fast-check';
import { LineScan, type Role, role } from '../../../../lambda/core/fast/line-scan';
import { hostileContent } from '../../../support/hostile-records';

const names = new Map<string, Role>([
  ['api_key_id', role.apiKeyId],
  ['apiKeyId', role.apiKeyId],
  ['key_id', role.apiKeyId],
  ['api_id', role.apiId],
  ['stage', role.stage],
  ['api_key', role.secret],
  ['usage_plan', role.unusual],
]);

function scanOf(content: Buffer) {
  const bytes = Buffer.concat([content, Buffer.from('#')]);
  const scan = new LineScan(names);
  const isUsual = scan.scan(bytes, content.length);
  const textOf = (start = 0, end = 0) => bytes.toString('latin1', start, end);
  const { spans, secretStart, secretEnd, close } = scan;
  return {
    isUsual,
    values: [0, 2, 4].map((at) => textOf(spans[at], spans[at + 1])),
    secret: textOf(secretStart, secretEnd),
    close,
  };
}

describe('the scan of a line', () => {
  test('finds the caller and the secret wherever they stand', () => {
    const line =
      '{"stage":"prod","n":-7,"api_key":"s3cret","uri":"\\"é\\"","api_id" : "a1","key_id":"k1"}';

    expect(scanOf(Buffer.from(`${line}\r\n`))).toEqual({
      isUsual: true,
      values: ['k1', 'a1', 'prod'],
      secret: 's3cret',
      close: Buffer.byteLength(line) - 1,
    });
  });

  test('remembers nothing of the line before', () => {
    const scan = new LineScan(names);
    for (const line of ['{"key_id":"k1","api_key":"s3cret"}', '{"a":"b"}']) {
      const bytes = Buffer.from(`${line}#`);
      expect(scan.scan(bytes, line.length)).toBe(true);
    }

    expect([...scan.spans]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([scan.secretStart, scan.secretEnd]).toEqual([0, 0]);
  });

  test('vouches only for what JSON.parse reads, with the values that it finds', () => {
    const numRuns = Number(process.env['FUZZ_RUNS'] ?? 2_000);
    let vouchedFor = 0;
    fc.assert(
      fc.property(hostileContent, (content) => {
        const { isUsual, values, secret } = scanOf(content);
        if (!isUsual) return;
        vouchedFor++;
        const read = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
        const first = (wanted: Role) =>
          [...names].filter(([, it]) => it === wanted).map(([name]) => read[name]);
        const expected = (wanted: Role) => first(wanted).find((it) => it !== undefined) ?? '';
        expect(values).toEqual([role.apiKeyId, role.apiId, role.stage].map(expected));
        expect(secret).toBe(Buffer.from(expected(role.secret)).toString('latin1'));
        expect(Object.hasOwn(read, 'usage_plan')).toBe(false);
      }),
      { numRuns },
    );
    expect(vouchedFor).toBeGreaterThan(numRuns / 10);
  }, 600_000);
});
