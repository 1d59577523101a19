import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Source } from '../../../cli/report/source';
import { RowReader, sourceOf } from '../../support/read-rows';

const line = (id: string, more: Record<string, string> = {}) =>
  `${JSON.stringify({
    request_id: id,
    extended_request_id: `${id}=`,
    request_time_epoch: '1795166060861',
    api_id: 'a1',
    stage: 'prod',
    api_key_id: 'k1',
    status: '200',
    source_ip: '2.160.1.2',
    ...more,
  })}\n`;

let reader: RowReader;
beforeEach(() => {
  reader = new RowReader();
});
afterEach(() => reader.close());

function counting(source: Source): Source & { opened: number } {
  const counted = {
    ...source,
    opened: 0,
    open() {
      counted.opened++;
      return source.open();
    },
  };
  return counted;
}

describe('what was read before', () => {
  test('is not read again, unless it has changed', async () => {
    const same = counting(sourceOf('logs/day=2026-11-20/hour=01/a', line('a'), 'v1'));
    const before = counting(sourceOf('logs/day=2026-11-21/hour=01/b', line('b'), 'v1'));
    const after = counting(sourceOf('logs/day=2026-11-21/hour=01/b', line('c'), 'v2'));

    const first = await reader.rows([same, before]);
    const second = await reader.rows([same, after]);

    expect(first.map((row) => row['request_id'])).toEqual(['a', 'b']);
    expect(second.map((row) => row['request_id'])).toEqual(['a', 'c']);
    expect([same.opened, before.opened, after.opened]).toEqual([1, 1, 1]);
  });

  test('is read again under other settings', async () => {
    const source = counting(sourceOf('a', line('a'), 'v1'));
    await reader.rows([source]);
    await reader.rows([source], { environment: { API_KEY_VALUES: 'remove' } });

    expect(source.opened).toBe(2);
  });

  test('leaves nothing behind where there is no version to know it by', async () => {
    await reader.rows([sourceOf('standard input', line('a') + line('a'))]);

    expect(readdirSync(reader.cache.folder).filter((name) => name !== '.spill')).toEqual([]);
  });
});

describe('a byte order mark', () => {
  const marked = Buffer.from(`\ufeff${line('a')}`);

  test.each<[string, Buffer]>([
    ['before the lines', marked],
    ['within gzip', gzipSync(marked)],
    ['within gzip twice', gzipSync(gzipSync(marked))],
  ])('%s is no part of the first line', async (_, bytes) => {
    const [row] = await reader.rows([sourceOf('a', bytes, 'v1')]);

    expect(row).toMatchObject({ request_id: 'a' });
  });

  test('is found where it comes byte by byte', async () => {
    const source: Source = {
      ...sourceOf('a', marked),
      open: async () =>
        (async function* () {
          for (const byte of marked) yield Buffer.of(byte);
        })(),
    };
    const [row] = await reader.rows([source]);

    expect(row).toMatchObject({ request_id: 'a' });
  });
});

test.each<[string, string | Buffer]>([
  [
    'what get-log-events answers',
    JSON.stringify({ events: [event(line('a')), event(line('b'))] }, null, 4),
  ],
  ['gzip of that', gzipSync(JSON.stringify({ events: [event(line('a')), event(line('b'))] }))],
  ['a list of lines', JSON.stringify([line('a'), line('b')], null, 2)],
  ['a list of objects', JSON.stringify([JSON.parse(line('a')), JSON.parse(line('b'))], null, 2)],
])('%s has the lines in it', async (_, content) => {
  const rows = await reader.rows([sourceOf('answer.json', content, 'v1')]);

  expect(rows.map((row) => row['request_id'])).toEqual(['a', 'b']);
});

function event(message: string) {
  return { timestamp: 1795166060861, message, ingestionTime: 1795166061000 };
}

describe('a file that cannot be read', () => {
  const good = sourceOf('logs/good', line('a'), 'v1');

  test('is named with the reason, and costs no other', async () => {
    const broken: Source = {
      name: 'logs/gone',
      bytes: 1,
      version: 'v1',
      open: () => Promise.reject(new Error('no such key')),
    };
    const ingested = await reader.ingest([good, broken]);

    expect(ingested.counts.rows).toBe(1);
    expect(ingested.unread).toEqual([{ name: 'logs/gone', reason: 'no such key' }]);
    ingested.close();
  });

  test('is tried again the next time', async () => {
    let opened = 0;
    const shy: Source = {
      ...good,
      async open() {
        if (opened++ === 0) throw new Error('busy');
        return good.open();
      },
    };
    expect(await reader.rows([shy])).toHaveLength(0);
    expect(await reader.rows([shy])).toHaveLength(1);
  });

  test.each([
    [
      'is no gzip behind its first bytes',
      Buffer.from('1f8b0800000000000003ffffffff', 'hex'),
      'broken',
    ],
    ['ends with its first bytes', gzipSync('line').subarray(0, 12), 'cut short'],
  ])('that %s is told to be so from its start', async (_, bytes, fault) => {
    const ingested = await reader.ingest([sourceOf('logs/bad', bytes, 'v1')]);

    expect(ingested.counts.rows).toBe(0);
    expect(ingested.unread).toEqual([
      { name: 'logs/bad', reason: `the gzip is ${fault} from its start: nothing could be read` },
    ]);
    ingested.close();
  });

  test.each([
    ['cut short', (gzip: Buffer) => gzip.subarray(0, gzip.length - 20), /cut short/],
    [
      'broken',
      (gzip: Buffer) => {
        const copy = Buffer.from(gzip);
        copy.fill(0xff, copy.length - 60, copy.length - 10);
        return copy;
      },
      /gzip is/,
    ],
  ])('gives the lines before it is %s', async (_, spoil, reason) => {
    const many = Array.from({ length: 20_000 }, (__, index) =>
      line(`${index}-${Math.sin(index)}`),
    ).join('');
    const ingested = await reader.ingest([good, sourceOf('logs/bad', spoil(gzipSync(many)), 'v1')]);

    expect(ingested.unread).toEqual([{ name: 'logs/bad', reason: expect.stringMatching(reason) }]);
    expect(ingested.counts.rows).toBeGreaterThan(10_000);
    ingested.close();
  });
});

test('an interruption leaves what was finished, and no half of the rest', async () => {
  const abort = new AbortController();
  const slow: Source = {
    ...sourceOf('logs/day=2026-11-21/hour=00/b', '', 'v1'),
    async open() {
      return (async function* () {
        yield Buffer.from(line('b').repeat(40_000));
        abort.abort();
        yield Buffer.from(line('c').repeat(40_000));
      })();
    },
  };
  const done = counting(sourceOf('logs/day=2026-11-20/hour=00/a', line('a'), 'v1'));
  await expect(reader.ingest([done, slow], { signal: abort.signal })).rejects.toThrow();

  const left = readdirSync(reader.cache.folder).filter((name) => name !== '.spill');
  expect(left).toHaveLength(1);
  expect(left[0]).not.toMatch(/half/);
  await reader.rows([done]);
  expect(done.opened).toBe(1);
});

describe('requests', () => {
  test('are there once, however often and wherever their lines are', async () => {
    const attributed = line('a', { usage_plan: 'Gold', customer_name: 'Acme' });
    const sources = [
      sourceOf('logs/day=2026-11-20/hour=00/x', line('a') + line('b'), 'v1'),
      sourceOf('logs/day=2026-11-21/hour=00/y', attributed + line('a'), 'v1'),
    ];

    const rows = await reader.rows(sources, {}, 'requests');

    expect(rows.map((row) => [row['request_id'], row['customer_name']])).toEqual([
      ['a', 'Acme'],
      ['b', undefined],
    ]);
    const ingested = await reader.ingest(sources);
    expect(ingested.conflicts).toBe(1);
  });

  test('do not include lines that nothing can read, which are rows all the same', async () => {
    const source = sourceOf('x', `${line('a')}garbage\n`, 'v1');

    expect(await reader.rows([source], {}, 'requests')).toHaveLength(1);
    expect((await reader.rows([source])).map((row) => row['unparsed_line'])).toEqual([
      undefined,
      'garbage',
    ]);
  });
});

test('rows have the endpoint, the country and the network of the caller', async () => {
  const rows = await reader.rows([
    sourceOf(
      'x',
      line('a', { path: '/prod/pets/42' }) +
        line('b', { resource_path: '/pets/{id}', source_ip: '2001:db8:1:2::3' }) +
        line('c', { route_key: 'GET /dogs/{id}', source_ip: '198.51.100.7' }) +
        line('d', { source_ip: 'test-invoke-source-ip' }),
    ),
  ]);

  expect(rows.map(({ endpoint, country, network }) => [endpoint, country, network])).toEqual([
    ['/pets/{id}', 'DE', '2.160.1.0/24'],
    ['/pets/{id}', 'NO', '2001:db8:1::/48'],
    ['/dogs/{id}', undefined, '198.51.100.0/24'],
    [undefined, undefined, undefined],
  ]);
});
