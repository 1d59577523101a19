import fc from 'fast-check';
import { transform } from '../../../../lambda/core/batch/transform';
import { Catalog } from '../../../../lambda/core/catalog/catalog';
import { verbatimRenderer } from '../../../../lambda/core/output/verbatim';
import { readSettings } from '../../../../lambda/core/settings/settings';
import { base64, firehoseEvent, textOf } from '../../../support/firehose';
import { fuzzRuns } from '../../../support/fuzz-runs';

const settings = readSettings({});

const catalog = new Catalog([
  {
    id: 'p1',
    name: 'Gold',
    apiStages: [{ apiId: 'orders', stage: 'prod' }],
    keys: [{ id: 'k1', name: 'ACME' }],
  },
]);

/** A cache that holds a catalog, or none, and tells which keys it was asked for. */
function cacheOf(latest: Catalog | undefined, reloaded: Catalog | Error = latest ?? catalog) {
  const asked: string[][] = [];
  return {
    asked,
    latest,
    forKeys: async (keyIds: Iterable<string>) => {
      asked.push([...keyIds]);
      if (reloaded instanceof Error) throw reloaded;
      return reloaded;
    },
  };
}

function transformWith(event: unknown, catalogs: ReturnType<typeof cacheOf> = cacheOf(catalog)) {
  return transform(event, {
    catalogs,
    renderer: verbatimRenderer(settings),
    readOther: () => undefined,
    maxInflatedBytes: settings.maxInflatedBytes,
  });
}

const acme = '{"key_id":"k1","api_id":"orders","stage":"prod"}';
const enrichedAcme = `${acme.slice(0, -1)},"usage_plan":"Gold","customer_name":"ACME"}\n`;

describe('a record', () => {
  const cases = [
    { title: 'with a line whose key is in a plan', content: acme, result: 'Ok', out: enrichedAcme },
    {
      title: 'with a line without a key',
      content: '{"key_id":"-"}',
      result: 'Ok',
      out: '{"key_id":"-","usage_plan":"-","customer_name":"-"}\n',
    },
    {
      title: 'with many lines',
      content: `${acme}\r\n${acme}${acme}`,
      result: 'Ok',
      out: enrichedAcme.repeat(3),
    },
    {
      title: 'with a line that nothing can read beside readable ones',
      content: `${acme}\nhello "world"\n`,
      result: 'Ok',
      out: `${enrichedAcme}{"unparsed_line":"hello \\"world\\""}\n`,
    },
    {
      title: 'with a secret in a line that nothing can read',
      content: `${acme}\n{"api_key":"abcdefgh1234",`,
      result: 'Ok',
      out: `${enrichedAcme}{"unparsed_line":"{\\"api_key\\":\\"****1234\\","}\n`,
    },
    { title: 'that nothing can read', content: 'no json', result: 'ProcessingFailed' },
    { title: 'that is empty', content: '', result: 'Dropped' },
  ];
  for (const { title, content, result, out } of cases) {
    test(`${title} is ${result}`, async () => {
      const { response } = await transformWith(firehoseEvent(content));

      expect(response.records[0]).toMatchObject({ recordId: 'record-0', result });
      expect(textOf(response.records[0])).toBe(out ?? content);
    });
  }

  test('that cannot be processed comes back untouched', async () => {
    const data = base64(Buffer.from([0xff, 0x00, 0xfe]));

    const { response } = await transformWith({ records: [{ recordId: 'r', data }] });

    expect(response.records).toEqual([{ recordId: 'r', result: 'ProcessingFailed', data }]);
  });

  test('without data fails alone', async () => {
    const { records } = firehoseEvent(acme);

    const { response } = await transformWith({ records: [{ recordId: 'r' }, ...records] });

    expect(response.records.map(({ result }) => result)).toEqual(['ProcessingFailed', 'Ok']);
  });
});

describe('a batch', () => {
  test('counts its lines and records by outcome', async () => {
    const event = firehoseEvent(
      acme,
      `${acme}\n{"key_id":"-"}\n{"key_id":"k9"}\nbroken\n{"key_id":"k1"}`,
      'broken',
      '',
    );

    const { counts } = await transformWith(event);

    expect(counts).toEqual({
      lines: { enriched: 2, withoutKey: 1, unknownKey: 1, noPlanForStage: 1, unparsed: 1 },
      records: { Ok: 2, Dropped: 1, ProcessingFailed: 1, Reingested: 0 },
      failures: { noReadableLine: 1 },
    });
  });

  test('without a key asks for no catalog, and needs none', async () => {
    const catalogs = cacheOf(undefined, new Error('unreachable'));

    const { response } = await transformWith(firehoseEvent('{"apiId":"a"}', 'broken'), catalogs);

    expect(catalogs.asked).toEqual([]);
    expect(response.records.map(({ result }) => result)).toEqual(['Ok', 'ProcessingFailed']);
  });

  test('with keys fails with the cause where there has never been a catalog', async () => {
    const catalogs = cacheOf(undefined, new Error('denied'));

    await expect(transformWith(firehoseEvent(acme), catalogs)).rejects.toThrow('denied');
  });

  test('waits for the first catalog', async () => {
    const { response, counts } = await transformWith(firehoseEvent(acme), cacheOf(undefined));

    expect(textOf(response.records[0])).toBe(enrichedAcme);
    expect(counts.lines.enriched).toBe(1);
  });

  test('is attributed from the newer catalog as a whole', async () => {
    const renamed = new Catalog([
      {
        id: 'p1',
        name: 'Platinum',
        apiStages: [{ apiId: 'orders', stage: 'prod' }],
        keys: [{ id: 'k1' }, { id: 'k2', name: 'New' }],
      },
    ]);
    const catalogs = cacheOf(catalog, renamed);

    const { response } = await transformWith(
      firehoseEvent(acme, acme.replace('k1', 'k2')),
      catalogs,
    );

    const lines = response.records.map((record) => JSON.parse(textOf(record)));
    expect(lines.map((line) => [line.usage_plan, line.customer_name])).toEqual([
      ['Platinum', '-'],
      ['Platinum', 'New'],
    ]);
  });

  test('asks once for all of its keys that the catalog lacks', async () => {
    const catalogs = cacheOf(catalog);

    await transformWith(firehoseEvent(acme, '{"apiKeyId":"k9"}', '{"apiKeyId":"k9"}'), catalogs);

    expect(catalogs.asked).toEqual([['k9']]);
  });

  test('has the age of the catalog looked at where it lacks no key', async () => {
    const catalogs = cacheOf(catalog);

    await transformWith(firehoseEvent(acme), catalogs);

    expect(catalogs.asked).toEqual([[]]);
  });

  test('asks for a key that the newer catalog has lost', async () => {
    const catalogs = cacheOf(catalog, Catalog.empty);

    const { counts } = await transformWith(firehoseEvent(acme), catalogs);

    expect(catalogs.asked).toEqual([[], ['k1']]);
    expect(counts.lines.unknownKey).toBe(1);
  });
});

describe('an event that is no Firehose event', () => {
  const cases = [
    { event: undefined, got: 'got undefined' },
    { event: 'text', got: 'got string' },
    { event: [], got: 'got an array' },
    { event: { Records: [], secret: 'x' }, got: 'got an object with Records, secret' },
    { event: { records: 'x' }, got: 'expected an object with "records"' },
    { event: { records: [{ data: '' }] }, got: 'expected records[0] with a "recordId"' },
    { event: { records: [null] }, got: 'expected records[0] with a "recordId", got null' },
  ];
  for (const { event, got } of cases) {
    test(`is refused: ${JSON.stringify(event)}`, async () => {
      await expect(transformWith(event)).rejects.toThrow(got);
    });
  }
});

describe('whatever records hold', () => {
  const contents = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.string().map((text) => Buffer.from(text)),
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
    fc
      .array(fc.constantFrom('{', '}', '"', '\\', '\n', acme, '"key_id":"k1"', ',', 'é', '\u0000'))
      .map((pieces) => Buffer.from(pieces.join(''))),
  );

  test('every recordId comes back once, in order, with a result Firehose knows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(contents), async (batch) => {
        const event = firehoseEvent(...batch);

        const { response } = await transformWith(event);

        expect(response.records.map(({ recordId }) => recordId)).toEqual(
          event.records.map(({ recordId }) => recordId),
        );
        for (const [index, { result, data }] of response.records.entries()) {
          expect(['Ok', 'Dropped', 'ProcessingFailed']).toContain(result);
          if (result === 'ProcessingFailed') expect(data).toBe(event.records[index]?.data);
        }
      }),
      { numRuns: fuzzRuns(300) },
    );
  });

  test('delivers strict JSON objects, one a line', async () => {
    await fc.assert(
      fc.asyncProperty(contents, async (content) => {
        const { response } = await transformWith(firehoseEvent(content));
        fc.pre(response.records[0]?.result === 'Ok');

        const lines = textOf(response.records[0]).split('\n');
        expect(lines.pop()).toBe('');
        for (const line of lines) expect(typeof JSON.parse(line)).toBe('object');
      }),
      { numRuns: fuzzRuns(300) },
    );
  });

  test('its neighbours come out as if it were not there', async () => {
    await fc.assert(
      fc.asyncProperty(contents, contents, async (before, after) => {
        const { response } = await transformWith(firehoseEvent(before, acme, after));

        expect(textOf(response.records[1])).toBe(enrichedAcme);
      }),
      { numRuns: fuzzRuns(300) },
    );
  });
});
