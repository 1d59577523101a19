import fc from 'fast-check';
import { Pass, type PassOptions } from '../../../../lambda/core/batch/batch-pass';
import { CountedStages, sampleOf } from '../../../../lambda/core/batch/stage-counts';
import { Catalog } from '../../../../lambda/core/catalog/catalog';
import { lineReader } from '../../../../lambda/core/format/line-reader';
import { rendererFor } from '../../../../lambda/core/output/renderer-for';
import { parseStageSelection } from '../../../../lambda/core/settings/counted-stages';
import { outputs, readSettings } from '../../../../lambda/core/settings/settings';
import { firehoseEvent } from '../../../support/firehose';
import { fuzzRuns } from '../../../support/fuzz-runs';
import { hostileRecord } from '../../../support/hostile-records';

const numRuns = fuzzRuns(300);
const keys = [{ id: 'k1', name: 'Acme' }];
const plans = [{ id: 'p1', name: 'Gold', apiStages: [{ apiId: 'a1', stage: 'prod' }], keys }];
const catalog = new Catalog(plans);

function optionsOf(output: string, more: Partial<PassOptions> = {}): PassOptions {
  const settings = readSettings({ OUTPUT: output });
  return {
    renderer: rendererFor(settings),
    readOther: lineReader(),
    maxInflatedBytes: 1 << 26,
    ...more,
  };
}

/** What is counted of lines that come as records of some each. */
function countsOf(
  records: readonly (readonly object[])[],
  stages = new CountedStages('*'),
  more: Partial<PassOptions> = {},
) {
  const counter = stages.observer();
  const texts = records.map((lines) => `${lines.map((it) => JSON.stringify(it)).join('\n')}\n`);
  const options = optionsOf('canonical', { ...more, observe: () => counter });
  const pass = new Pass(firehoseEvent(...texts).records, catalog, options);
  return { pass, stages: counter.stages };
}

const line = (more: object = {}) => ({ apiId: 'a1', stage: 'prod', status: '200', ...more });

describe('what only the access log tells of a stage', () => {
  test('is counted by its kind', () => {
    const { stages } = countsOf([
      [
        line(),
        line({ status: '429', errorResponseType: 'THROTTLED' }),
        line({ status: '429', errorResponseType: 'QUOTA_EXCEEDED' }),
        line({ status: '429', errorMessage: 'Limit Exceeded' }),
        line({ status: '429', errorMessage: 'Too Many Requests', integrationStatus: '429' }),
        line({ status: '403', errorResponseType: 'ACCESS_DENIED' }),
        line({ status: '500', authorizerError: 'timed out' }),
        line({ status: '200', authorizerError: 'of a cached one' }),
        line({ status: '504', errorResponseType: 'INTEGRATION_TIMEOUT' }),
        line({ status: '403', wafResponseCode: 'WAF_BLOCK', wafLatency: '3' }),
        line({ wafError: 'InternalError', wafLatency: '7' }),
        line({ wafLatency: '7' }),
      ],
    ]);

    expect(stages).toEqual([
      {
        apiId: 'a1',
        stage: 'prod',
        requests: 12,
        throttled: 1,
        quotaExceeded: 2,
        authorizerErrors: 2,
        integrationErrors: 1,
        wafErrors: 2,
        wafLatencies: new Map([
          [3, 1],
          [7, 2],
        ]),
      },
    ]);
  });

  test('is counted of records that are delivered, and not of those that are not', () => {
    const long = line({ path: `/${'x'.repeat(4000)}` });
    const { pass, stages } = countsOf(
      [[line()], Array.from({ length: 10 }, () => long), [line()]],
      undefined,
      { maxResponseBytes: 20_000 },
    );

    expect(pass.results[0]?.result).toBe('Ok');
    expect(pass.overflow.length).toBeGreaterThan(0);
    const delivered = pass.counts.lines.withoutKey;
    expect(stages[0]?.requests).toBe(delivered);
    expect(delivered).toBeLessThan(12);
  });

  test('is told of the stages that are named, or of the first twenty', () => {
    const all = Array.from({ length: 30 }, (_, at) => line({ stage: `s${at}` }));
    const first = new CountedStages('*');

    expect(countsOf([all], first).stages).toHaveLength(20);
    expect(countsOf([all.toReversed()], first).stages.map(({ stage }) => stage)).not.toContain(
      's29',
    );
    const named = countsOf([all], new CountedStages(['a1/s7', 'a1/$default']));
    expect(named.stages.map(({ stage }) => stage)).toEqual(['s7']);
  });

  test.each(['', '-', '../x', 'prod env', '{"a":1}', `s${'x'.repeat(200)}`, 'é'])(
    'takes no stage of the name %j',
    (stage) => {
      expect(countsOf([[line({ stage })]]).stages).toEqual([]);
    },
  );

  test('changes no byte of what is delivered', () => {
    fc.assert(
      fc.property(
        fc.array(hostileRecord, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...outputs),
        (records, output) => {
          const event = firehoseEvent(...records);
          const plain = new Pass(event.records, catalog, optionsOf(output));
          const stages = new CountedStages('*');
          const seen = new Pass(
            event.records,
            catalog,
            optionsOf(output, { observe: () => stages.observer() }),
          );

          expect(seen.results).toEqual(plain.results);
          expect(seen.counts).toEqual(plain.counts);
          expect(seen.unknownKeyIds).toEqual(plain.unknownKeyIds);
        },
      ),
      { numRuns },
    );
  });
});

describe('lines that are read from bytes', () => {
  const value = fc.oneof(
    fc.constantFrom('-', '', null, 429, 504, 0, 7, true, [1], { a: 1 }),
    fc.constantFrom('429', '403', '504', '200', 'a1', 'prod', 'THROTTLED', 'INTEGRATION_TIMEOUT'),
    fc.constantFrom('QUOTA_EXCEEDED', 'Too Many Requests', 'Limit Exceeded', 'WAF_BLOCK', '3'),
    fc.constantFrom('é', 'a"b', 'UNAUTHORIZED', 'ACCESS_DENIED', '\\u002d'),
  );
  const told = [
    ...['status', 'errorResponseType', 'errorMessage', 'error_message', 'authorizerError'],
    ...['authorizeError', 'authenticateError', 'integrationError', 'integrationStatus'],
    ...['wafResponseCode', 'wafError', 'wafLatency', 'path', 'apiKeyId'],
  ];
  const stage = fc.constantFrom('prod', 'test');
  const lines = fc.subarray(told, { minLength: 1 }).chain((names) =>
    fc.array(
      fc.tuple(stage, fc.tuple(...names.map(() => value))).map(([name, values]) => ({
        apiId: 'a1',
        stage: name,
        ...Object.fromEntries(names.map((it, at) => [it, values[at]])),
      })),
      { minLength: 1, maxLength: 12 },
    ),
  );

  test('are counted as those that are read one by one', () => {
    const options = new Map(outputs.map((output) => [output, optionsOf(output)]));
    let scanned = 0;
    fc.assert(
      fc.property(
        fc.array(lines, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...outputs),
        (records, output) => {
          const texts = records.map((all) => all.map((it) => `${JSON.stringify(it)}\n`).join(''));
          const event = firehoseEvent(...texts);
          const { renderer, ...others } = options.get(output) ?? optionsOf(output);
          const slow = Object.create(renderer, { fastPath: { value: undefined } });
          const [fromBytes, oneByOne] = [renderer, slow].map((it) => {
            const counter = new CountedStages('*').observer();
            const seeScanned = counter.seeScanned.bind(counter);
            counter.seeScanned = (shape) => {
              scanned++;
              return seeScanned(shape);
            };
            const observe = () => counter;
            const { results } = new Pass(event.records, catalog, {
              ...others,
              renderer: it,
              observe,
            });
            return { results, stages: counter.stages };
          });

          expect(fromBytes).toEqual(oneByOne);
        },
      ),
      { numRuns: fuzzRuns(1_500) },
    );
    expect(scanned).toBeGreaterThan(numRuns);
  });
});

describe('a sample of latencies', () => {
  test('has all of them where they are few', () => {
    expect(
      sampleOf(
        new Map([
          [9, 1],
          [2, 3],
        ]),
        100,
      ),
    ).toEqual([2, 2, 2, 9]);
    expect(sampleOf(new Map(), 100)).toEqual([]);
  });

  test('keeps percentiles where they are many', () => {
    const sample = sampleOf(new Map(Array.from({ length: 1000 }, (_, ms) => [ms, 5])), 100);

    expect(sample).toHaveLength(100);
    expect(sample[49]).toBeGreaterThan(480);
    expect(sample[49]).toBeLessThan(510);
    expect(sample[89]).toBeGreaterThan(880);
    expect(sample[89]).toBeLessThan(910);
  });
});

describe('the selection of stages', () => {
  test.each<[string, ReturnType<typeof parseStageSelection>]>([
    ['', []],
    ['*', '*'],
    ['a1/prod, b2/$default,a1/prod', ['a1/prod', 'b2/$default']],
  ])('%j is read', (text, selection) => {
    expect(parseStageSelection(text)).toEqual(selection);
  });

  test.each(['a1', 'a1/', '/prod', 'a1/prod/x', '*,a1/prod', 'orders api/prod'])(
    '%j is refused',
    (text) => {
      expect(() => parseStageSelection(text)).toThrow('* or up to 20 stages such as');
    },
  );

  test('of more than twenty is refused', () => {
    const many = Array.from({ length: 21 }, (_, at) => `a${at}/prod`).join(',');

    expect(() => parseStageSelection(many)).toThrow('up to 20 stages');
  });
});
