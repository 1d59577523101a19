import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Pass } from '../../../../lambda/core/batch/batch-pass';
import { Catalog } from '../../../../lambda/core/catalog/catalog';
import { FastPath } from '../../../../lambda/core/output/fast-path';
import { verbatimRenderer } from '../../../../lambda/core/output/verbatim';
import { base64, envelopeOf, firehoseEvent, textOf } from '../../../support/firehose';
import { fuzzRuns } from '../../../support/fuzz-runs';

const options = {
  renderer: verbatimRenderer({
    usagePlanField: 'usage_plan',
    customerNameField: 'customer_name',
    apiKeyValues: 'mask',
  }),
  readOther: () => undefined,
  maxInflatedBytes: 64 * 1024 * 1024,
} as const;

function passOf(contents: readonly (string | Uint8Array)[], maxResponseBytes?: number): Pass {
  const { records } = firehoseEvent(...contents);
  return new Pass(records, Catalog.empty, {
    ...options,
    ...(maxResponseBytes && { maxResponseBytes }),
  });
}

test('a renderer is told when the record of each line arrived', () => {
  const { records } = firehoseEvent('{"a":1}\nbroken', '{"b":2}');
  const renderer = {
    line: (_line: unknown, _attribution: unknown, arrivedAt?: number) => `${arrivedAt}\n`,
    unparsed: (_text: string, _bytes?: Buffer, arrivedAt?: number) => `no ${arrivedAt}\n`,
  };

  const { results } = new Pass(records, Catalog.empty, { ...options, renderer });

  expect(results.map(textOf)).toEqual(['1700000000000\nno 1700000000000\n', '1700000000001\n']);
});

test('an exception fails the record that it is met in, and no other', () => {
  const renderer = {
    line({ text }: { readonly text: string }) {
      if (text.includes('bad')) throw new RangeError('Maximum call stack size exceeded');
      return `${text}\n`;
    },
    unparsed: () => '\n',
    fastPath: new (class extends FastPath {
      protected write = () => undefined;
      protected isJson = () => false;
      override record(data: string) {
        if (data === base64('{"a":"worse"}')) throw new Error('whatever');
        return false;
      }
    })(),
  };
  const contents = ['{"a":1}', '{"a":2}\n{"a":"bad"}', '{"a":"worse"}', '{"a":3}'];

  const { results, counts } = new Pass(firehoseEvent(...contents).records, Catalog.empty, {
    ...options,
    renderer,
  });

  expect(results.map(({ result }) => result)).toEqual([
    'Ok',
    'ProcessingFailed',
    'ProcessingFailed',
    'Ok',
  ]);
  expect(results.map(textOf).slice(1, 3)).toEqual(contents.slice(1, 3));
  expect(counts.failures).toEqual({ exception: 2 });
  expect(counts.lines.withoutKey).toBe(2);
});

test('large records beyond what a batch has time for go back as they came', () => {
  const large = gzipSync('{"a":1}\n'.repeat(3_000_000));
  const contents = [...Array.from({ length: 9 }, () => large), '{"a":2}'];

  const { results, overflow } = passOf(contents);

  expect(overflow.slice(0, 7).every(({ pieces }) => pieces.length === 2)).toBe(true);
  expect(overflow.slice(7).map(({ pieces }) => pieces)).toEqual([[base64(large)], [base64(large)]]);
  expect(results[9]?.result).toBe('Ok');
});

/** By the line's own id, as text of the length that is asked for. */
function partitionedPassOf(
  contents: readonly (string | Uint8Array)[],
  maxResponseBytes?: number,
  partitionLength = 1,
): Pass {
  return new Pass(firehoseEvent(...contents).records, Catalog.empty, {
    ...options,
    partitionOf: ({ text }) => String(JSON.parse(text).id).padStart(partitionLength, '0'),
    ...(maxResponseBytes && { maxResponseBytes }),
  });
}

function line(id: number, length: number): string {
  return JSON.stringify({ id, fill: 'x'.repeat(length) });
}

function idsIn(text: string): number[] {
  return text
    .split('\n')
    .filter((json) => json !== '')
    .map((json) => JSON.parse(json).id);
}

/**
 * Plays Firehose: what a batch puts back joins the records that wait, batches are made of as many
 * waiting records as the sizes say, until nothing waits. Tells which ids were delivered or failed.
 */
function playToTheEnd(
  contents: readonly (string | Uint8Array)[],
  batchSizes: readonly number[],
  maxResponseBytes: number,
) {
  let waiting = contents.map((content) => base64(content));
  const ids: number[] = [];
  let batches = 0;
  while (waiting.length > 0) {
    if (batches > 10_000) throw new Error('it does not end');
    const size = batchSizes[batches % batchSizes.length] as number;
    const pass = passOf(
      waiting.slice(0, size).map((data) => Buffer.from(data, 'base64')),
      maxResponseBytes,
    );
    const pieces = pass.overflow.flatMap((overflow) => overflow.pieces);
    waiting = [...waiting.slice(size), ...pieces];
    pass.settle(pieces.map(() => true));
    expect(JSON.stringify({ records: pass.results }).length).toBeLessThanOrEqual(maxResponseBytes);
    for (const record of pass.results) {
      if (record.result === 'Ok') ids.push(...idsIn(textOf(record)));
      if (record.result === 'ProcessingFailed') ids.push(-1);
    }
    batches++;
  }
  return { ids, batches };
}

describe('a response', () => {
  test('takes as many records as fit to the byte', () => {
    const contents = [line(1, 100), line(2, 100), line(3, 100)];
    const whole = Buffer.byteLength(JSON.stringify({ records: passOf(contents).results }));

    // Room is kept for the longest result, 14 characters more than `Ok`, and for one comma more.
    const reserved = 3 * ('ProcessingFailed'.length - 'Ok'.length) + 1;
    expect(passOf(contents, whole + reserved).overflow).toEqual([]);
    expect(passOf(contents, whole + reserved - 1).overflow.map(({ index }) => index)).toEqual([2]);
  });

  test('counts the bytes of record ids, not their characters', () => {
    const records = [0, 1].map((index) => ({
      recordId: `é"${index}`,
      approximateArrivalTimestamp: 0,
      data: base64(line(index, 10)),
    }));
    const whole = new Pass(records, Catalog.empty, options);
    const size = Buffer.byteLength(JSON.stringify({ records: whole.results }));

    const pass = new Pass(records, Catalog.empty, { ...options, maxResponseBytes: size + 29 });
    const narrow = new Pass(records, Catalog.empty, { ...options, maxResponseBytes: size + 28 });
    expect([pass.overflow.length, narrow.overflow.length]).toEqual([0, 1]);
  });

  test('that is full sends back all that comes behind, as it came', () => {
    const contents = [line(1, 300), line(2, 300), line(3, 1)];

    const pass = passOf(contents, 800);

    expect(pass.overflow).toEqual([
      { index: 1, pieces: [base64(contents[1] as string)] },
      { index: 2, pieces: [base64(contents[2] as string)] },
    ]);
  });

  test('sends a record that does not fit alone back in two pieces, and goes on', () => {
    const pass = passOf([envelopeOf(line(1, 400), line(2, 400)), line(3, 10)], 900);

    expect(pass.overflow.map(({ index, pieces }) => [index, pieces.length])).toEqual([[0, 2]]);
    expect(pass.results[1]?.result).toBe('Ok');
  });

  test('fails a single line that cannot fit, without its data', () => {
    const pass = passOf([line(1, 1000), line(2, 10)], 900);

    expect(pass.overflow).toEqual([]);
    expect(pass.results.map(({ result, data }) => [result, data === ''])).toEqual([
      ['ProcessingFailed', true],
      ['Ok', false],
    ]);
    expect(pass.counts.failures).toEqual({ tooLarge: 1 });
  });

  test('keeps the data of failed records only as long as it fits', () => {
    const broken = 'x'.repeat(300);

    const pass = passOf([broken, broken, line(1, 10)], 800);

    expect(pass.results.map(({ data }) => data?.length)).toEqual([400, 0, 88]);
  });
});

describe('a partitioned response', () => {
  const partitionsOf = ({ results }: Pass) =>
    results.map(({ metadata }) => metadata?.partitionKeys['partition']);

  test('names the partition of each record', () => {
    expect(partitionsOf(partitionedPassOf([line(1, 10), line(2, 10)]))).toEqual(['1', '2']);
  });

  test('names the fixed partition for a record whose lines differ', () => {
    const contents = [envelopeOf(line(1, 10), line(2, 10)), envelopeOf(line(3, 10), line(3, 10))];

    expect(partitionsOf(partitionedPassOf(contents))).toEqual(['mixed', '3']);
  });

  test('names the fixed partition where a line cannot be read: it may be anybody’s', () => {
    const contents = [`garbage\n${line(1, 10)}`, envelopeOf(line(1, 10), '{"ua":"x"y"}')];

    expect(partitionsOf(partitionedPassOf(contents))).toEqual(['mixed', 'mixed']);
  });

  test('names none for records that are dropped or fail', () => {
    expect(partitionsOf(partitionedPassOf(['', 'garbage']))).toEqual([undefined, undefined]);
  });

  test('counts the partitions in: it never grows past the limit', () => {
    const contents = Array.from({ length: 20 }, (_, id) => line(id, 50));
    for (let max = 1_500; max < 6_000; max += 37) {
      const pass = partitionedPassOf(contents, max, 64);
      pass.settle(pass.overflow.map(() => true));

      const bytes = Buffer.byteLength(JSON.stringify({ records: pass.results }));
      expect(bytes).toBeLessThanOrEqual(max);
    }
  });

  test('takes as many records as fit to the byte', () => {
    const contents = [line(1, 100), line(2, 100), line(3, 100)];
    const { results } = partitionedPassOf(contents);
    const whole = Buffer.byteLength(JSON.stringify({ records: results }));

    const reserved = 3 * ('ProcessingFailed'.length - 'Ok'.length) + 1;
    expect(partitionedPassOf(contents, whole + reserved).overflow).toEqual([]);
    expect(partitionedPassOf(contents, whole + reserved - 1).overflow).toHaveLength(1);
  });
});

describe('overflow', () => {
  const contents = [line(1, 300), line(2, 300)];

  test('is dropped, and counted as put back, once the stream has accepted it', () => {
    const pass = passOf(contents, 700);
    pass.settle([true]);

    expect(pass.results[1]).toEqual({ recordId: 'record-1', result: 'Dropped', data: '' });
    expect(pass.counts.records).toEqual({ Ok: 1, Dropped: 0, ProcessingFailed: 0, Reingested: 1 });
  });

  for (const accepted of [[false], []]) {
    test(`fails where the stream answers ${JSON.stringify(accepted)}`, () => {
      const pass = passOf(contents, 700);
      pass.settle(accepted);

      expect(pass.results[1]?.result).toBe('ProcessingFailed');
      expect(pass.counts.failures).toEqual({ notPutBack: 1 });
    });
  }

  test('fails as a whole where the stream has accepted one of two pieces', () => {
    const pass = passOf([`${line(1, 400)}\n${line(2, 400)}`], 700);
    pass.settle([true, false]);

    expect(pass.results.map(({ result }) => result)).toEqual(['ProcessingFailed']);
  });

  const record = fc.record({
    lengths: fc.array(fc.nat(150), { minLength: 1, maxLength: 20 }),
    /** Lines in an envelope, with as many envelopes as that takes; 0 for lines as they are. */
    linesInEnvelope: fc.constantFrom(0, 1, 3, 20),
  });

  test('comes to an end, with every line delivered once or failed', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1 }),
        fc.integer({ min: 900, max: 5000 }),
        (records, batchSizes, maxResponseBytes) => {
          let id = 0;
          const contents = records.map(({ lengths, linesInEnvelope: size }) => {
            const lines = lengths.map((length) => line(id++, length));
            if (size === 0) return lines.join('\n');
            // Members of gzip in a row inflate to envelopes in a row.
            const starts = [...lines.keys()].filter((index) => index % size === 0);
            return Buffer.concat(starts.map((at) => envelopeOf(...lines.slice(at, at + size))));
          });

          const { ids } = playToTheEnd(contents, batchSizes, maxResponseBytes);

          const delivered = ids.filter((delivered) => delivered !== -1);
          expect(delivered).toEqual([...new Set(delivered)]);
          // A failed record is one line: what has more goes back in pieces.
          expect(ids.length).toBe(id);
        },
      ),
      { numRuns: fuzzRuns(200) },
    );
  });

  test('of an envelope with 10,000 lines and 20 MB comes out complete, each line once', () => {
    const lines = Array.from({ length: 10_000 }, (_, id) => line(id, 2_000));

    const { ids, batches } = playToTheEnd([envelopeOf(...lines)], [500], 6 * 1024 * 1024);

    expect(ids.sort((a, b) => a - b)).toEqual(lines.map((_, id) => id));
    expect(batches).toBeGreaterThan(1);
  });
});
