import { knownFormats } from '../../../../lambda/core/format/known/known-formats';
import { lineReader } from '../../../../lambda/core/format/line-reader';
import { renderLine } from '../../../support/render-line';

const clf = '203.0.113.7 - - [09/Jun/2023:16:23:37 +0000] "GET /pets HTTP/1.1" 200 17 r1';

describe('lineReader', () => {
  test('reads a line of a known format without configuration', () => {
    expect(lineReader()(clf)).toBe(
      '{"source_ip":"203.0.113.7","caller":"-","user":"-",' +
        '"request_time":"09/Jun/2023:16:23:37 +0000","http_method":"GET","resource_path":"/pets",' +
        '"protocol":"HTTP/1.1","status":"200","response_length":"17","request_id":"r1"}',
    );
  });

  test('reads a line of a configured format', () => {
    const read = lineReader(['$context.stage|$context.status', '$context.stage;$context.status']);

    expect(read('prod|200')).toBe('{"stage":"prod","status":"200"}');
    expect(read('prod;200')).toBe('{"stage":"prod","status":"200"}');
    expect(read('prod,200')).toBeUndefined();
  });

  test('believes a configured format before a known one', () => {
    const read = lineReader(['$context.identity.sourceIp $context.error.message']);

    expect(JSON.parse(read(clf) ?? '')).toMatchObject({ error_message: clf.slice(12) });
  });

  test('goes on to the known ones where no configured format fits', () => {
    expect(lineReader(['$context.stage|$context.status'])(clf)).toBe(lineReader()(clf));
  });

  test('refuses a line that two configured formats read differently', () => {
    const read = lineReader([
      '$context.stage $context.requestId',
      '$context.requestId $context.stage',
    ]);

    expect(read('prod r1')).toBeUndefined();
    expect(read('same same')).toBe('{"stage":"same","request_id":"same"}');
  });

  test('refuses a line that a configured format can read in two ways', () => {
    const read = lineReader(['$context.path $context.error.message $context.error.responseType']);

    expect(read(clf)).toBeUndefined();
  });

  test('lets formats disagree on what says nothing', () => {
    const read = lineReader(['$context.stage $context.messageId', '$context.stage $context.path']);

    expect(read('prod -')).toBe('{"stage":"prod","message_id":"-"}');
    expect(read('prod r1')).toBeUndefined();
  });

  test('tells an HTTP API from a REST API whose callers are unknown', () => {
    const http = clf.replace('GET /pets', 'GET GET /pets');

    expect(JSON.parse(lineReader()(http) ?? '')).toMatchObject({ route_key: 'GET /pets' });
  });

  for (const line of ['', ' ', '-', 'some text', '{', '{}', '{"a":', '<a>', '1,2,3', '\\n']) {
    test(`refuses ${JSON.stringify(line)}`, () => {
      expect(lineReader()(line)).toBeUndefined();
    });
  }

  test('rejects a configured format that is none', () => {
    expect(() => lineReader(['GET'])).toThrow(
      'log format: got "GET", expected a $context variable',
    );
  });

  test('gets to the end of 64 KB that looks like many lines at once', () => {
    const read = lineReader();
    const starts = knownFormats.map(({ format }) => renderLine(format, () => '-').slice(0, 30));
    const floods = ['"', '","', ',', ' ', '-', '- - [', '</', '\\n', '\\"', '&amp;', ...starts];

    for (const flood of new Set(floods)) {
      const filling = flood.repeat((1 << 16) / flood.length);
      for (const start of ['', '{"requestId":"', '<request id="', '1.1.1.1 - - [']) {
        expect(read(start + filling)).toBeUndefined();
      }
    }
  });
});

describe('without configuration', () => {
  const read = lineReader();
  const clf = (rest: string) =>
    `192.0.2.50 - - [25/Sep/2026:09:19:32 +0000] "GET GET /pets/{id} HTTP/1.1" 500 35 EP5p3HZtIAMErBw= ${rest}`;
  const readAs = (line: string) => JSON.parse(read(line) ?? '{}');

  test('a bare dash outside of strings is no value', () => {
    expect(readAs('{ "status":"403", "integrationStatus": -, "n":[ - ] }')).toEqual({
      status: '403',
      integrationStatus: '-',
      n: ['-'],
    });
    expect(read('{"status":-')).toBeUndefined();
  });

  test('only what AWS makes as one is an extended request id', () => {
    expect(readAs(clf('EP5p3HZtIAMErBw='))).toMatchObject({
      extended_request_id: 'EP5p3HZtIAMErBw=',
    });
    for (const word of ['owned-backend-failure', '44', 'k3yac4me01', 'EP5p3HZtIAMErBw', 'abc=']) {
      expect([word, read(clf(word))]).toEqual([word, undefined]);
    }
    expect(read(clf('curl/8.1 (x86_64)'))).toBeUndefined();
    expect(readAs(clf('Lambda was not found'))).toMatchObject({
      integration_error: 'Lambda was not found',
    });
  });

  test('a line that ends in another id than a known format has is not read as one', () => {
    const csv =
      '192.0.2.50,25/Sep/2026:09:19:32 +0000,GET,GET /pets,HTTP/1.1,500,35,EP5p3HZtIAMErBw=';

    expect(readAs(`${csv},EP5p3HZtIAMErBw=`)).toHaveProperty('extended_request_id');
    expect(read(`${csv},44`)).toBeUndefined();
    expect(read(`${csv},k3yac4me01`)).toBeUndefined();
  });

  test('words that stand alone are a routing rule only where they can be nothing else', () => {
    const ids = '82f3e9c6-0f5a-4b8d-ab11-818d5701919e EP5p3HZtIAMErBw=';

    expect(readAs(`/orders/7 abc123 - ${ids}`)).toMatchObject({
      custom_domain_routing_rule_id_matched: 'abc123',
      path: '/orders/7',
    });
    expect(readAs(`/orders/7 - orders ${ids}`)).toMatchObject({
      custom_domain_base_path_matched: 'orders',
    });
    for (const words of [
      '/orders/7 GET 200',
      'GET abc123 -',
      '/orders/7 200 -',
      '/orders/7 - 200',
      '/o 7 abc123 -',
    ]) {
      expect([words, read(`${words} ${ids}`)]).toEqual([words, undefined]);
    }
  });
});
