/** The same rows, whichever format and output the lines came in. */

import { gzipSync } from 'node:zlib';
import type { Value } from '../../../analytics/result';
import { lineWriter } from '../../../analytics/sample/lines';
import { usagePlans } from '../../../analytics/sample/product';
import { planMoves } from '../../../analytics/sample/story';
import { type SampleRequest, sampleTraffic } from '../../../analytics/sample/traffic';
import { attribute } from '../../../lambda/core/attribution/attribute';
import { Catalog } from '../../../lambda/core/catalog/catalog';
import { fieldOfVariable } from '../../../lambda/core/fields';
import { compileFormat } from '../../../lambda/core/format/format';
import { knownFormats } from '../../../lambda/core/format/known/known-formats';
import { type ApiType, logFormat } from '../../../lambda/core/format/known/log-format';
import { lineReader } from '../../../lambda/core/format/line-reader';
import { rendererFor } from '../../../lambda/core/output/renderer-for';
import { visitSource } from '../../../lambda/core/record/record';
import { type Output, readSettings } from '../../../lambda/core/settings/settings';
import { RowReader, sourceOf } from '../../support/read-rows';

const apiTypes: readonly ApiType[] = ['REST', 'HTTP', 'WEBSOCKET'];
/** A user agent with quotes makes lines that no reader can be sure of: those have tests of their own. */
const requests = [...sampleTraffic({ requests: 600 })]
  .flat()
  .filter(({ values }) => !values['identity.userAgent']?.includes('"'));
const plans = usagePlans(planMoves);
const catalog = new Catalog(plans);
const raw = requests.map(({ apiType, values }) => lineWriter(logFormat(apiType))(values));

let reader: RowReader;
beforeEach(() => {
  reader = new RowReader();
});
afterEach(() => reader.close());

function delivered(lines: readonly string[], output: Output): string {
  const renderer = rendererFor({ ...readSettings({}), output });
  let text = '';
  for (const source of lines) {
    visitSource(source, lineReader(), ({ line }) => {
      if (line) text += renderer.line(line, attribute(line, catalog));
      return true;
    });
  }
  return text;
}

function envelopeOf(messages: readonly string[]): string {
  return JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/apis/sample',
    logStream: 's',
    subscriptionFilters: ['f'],
    logEvents: messages.map((message, index) => ({ id: String(index), timestamp: 0, message })),
  });
}

function failedRecord(record: Buffer | string): string {
  return JSON.stringify({
    attemptsMade: 4,
    arrivalTimestamp: 1_795_166_060_861,
    errorCode: 'Lambda.FunctionError',
    errorMessage: 'no',
    attemptEndingTimestamp: 1_795_166_070_861,
    rawData: Buffer.from(record).toString('base64'),
    lambdaArn: 'arn',
  });
}

const halves = [raw.slice(0, 100), raw.slice(100)];
const lines = raw.join('\n');

describe('lines are the same rows', () => {
  let expected: Record<string, Value>[];
  beforeAll(async () => {
    const first = new RowReader();
    expected = await first.rows([sourceOf('raw', lines)], { usagePlans: plans });
    first.close();
  });

  test.each<[string, string | Buffer]>([
    ['compressed', gzipSync(lines)],
    ['compressed twice, as records of an object', gzipSync(gzipSync(lines))],
    [
      'in several members of one gzip',
      Buffer.concat(halves.map((half) => gzipSync(`${half.join('\n')}\n`))),
    ],
    ['with CRLF and blank lines', raw.join('\r\n\r\n')],
    ['without line breaks', raw.join('')],
    ['in an envelope of CloudWatch Logs', gzipSync(envelopeOf(raw))],
    ['in envelopes one after the other', halves.map(envelopeOf).join('')],
    ['in envelopes one a line', halves.map(envelopeOf).join('\n')],
    [
      'in an export of CloudWatch Logs',
      raw.map((line) => `2026-11-20T09:17:01.123Z ${line}`).join('\n'),
    ],
    ['in failed records of Firehose', raw.map(failedRecord).join('\n')],
    ['in a failed record that is an envelope', failedRecord(gzipSync(envelopeOf(raw)))],
    ['delivered verbatim', delivered(raw, 'verbatim')],
    ['delivered verbatim and compressed', gzipSync(delivered(raw, 'verbatim'))],
    ['delivered canonical', delivered(raw, 'canonical')],
  ])('%s', async (_, content) => {
    const rows = await reader.rows([sourceOf('other', content)], { usagePlans: plans });

    expect(expected).toHaveLength(requests.length);
    expect(rows).toEqual(expected);
  });

  test('delivered, without the usage plans at hand', async () => {
    const canonical = await reader.rows([sourceOf('c', delivered(raw, 'canonical'))]);
    const verbatim = await reader.rows([sourceOf('v', delivered(raw, 'verbatim'))]);
    const withoutId = expected.map(({ usage_plan_id: _, ...row }) => row);

    expect(canonical).toEqual(expected);
    // The id of the plan is in typed outputs only.
    expect(verbatim).toEqual(withoutId);
  });

  test('under the names that a pipeline was configured with', async () => {
    const environment = { USAGE_PLAN_FIELD: 'plan_id', CUSTOMER_NAME_FIELD: 'subscription_id' };
    const renamed = delivered(raw, 'canonical')
      .replaceAll('"usage_plan":', '"plan_id":')
      .replaceAll('"customer_name":', '"subscription_id":');

    expect(await reader.rows([sourceOf('renamed', renamed)], { environment })).toEqual(expected);
  });
});

/** What a row must hold, worked out from the request itself. */
function expectedRow(
  { values }: SampleRequest,
  variables: readonly string[],
): Record<string, Value> {
  const row: Record<string, Value> = {};
  for (const variable of variables) {
    const field = fieldOfVariable(variable);
    const value = values[variable];
    if (!field || value === undefined || variable.startsWith('requestTime')) continue;
    row[field.column] = field.type === 'string' ? value : Number(value);
  }
  return row;
}

describe('every known format gives the values that it has', () => {
  const formats = knownFormats.filter(({ format }) => compileFormat(format).variables.length > 2);

  test.each(formats.map(({ name, apiType, format }) => [name, apiType, format] as const))(
    '%s (%s)',
    async (_, apiType, format) => {
      const { variables } = compileFormat(format);
      const some = requests.filter((request) => request.apiType === apiType).slice(0, 20);
      const write = lineWriter(format);
      const columns = new Set(variables.map((variable) => fieldOfVariable(variable)?.column));
      columns.delete('request_time');
      columns.delete('request_time_epoch');

      const rows = await reader.rows([
        sourceOf('lines', some.map(({ values }) => write(values)).join('\n')),
      ]);

      expect(some.length).toBeGreaterThan(5);
      const found = rows.map((row) =>
        Object.fromEntries(Object.entries(row).filter(([name]) => columns.has(name))),
      );
      const sortKey = (row: Record<string, Value>) => JSON.stringify(Object.entries(row).sort());
      const expected = some.map((request) => expectedRow(request, variables));
      expect(found.map(sortKey).sort()).toEqual(expected.map(sortKey).sort());
    },
  );

  test.each(apiTypes)('the time, in the format of this pipeline (%s)', async (apiType) => {
    const some = requests.filter((request) => request.apiType === apiType).slice(0, 20);
    const write = lineWriter(logFormat(apiType));

    const rows = await reader.rows([
      sourceOf('lines', some.map(({ values }) => write(values)).join('\n')),
    ]);

    // HTTP APIs write whole seconds.
    const unit = apiType === 'HTTP' ? 1000 : 1;
    const times = some.map(({ time }) => Math.floor(time / unit) * unit).sort((a, b) => a - b);
    expect(rows.map((row) => row['request_time_epoch'])).toEqual(times);
    expect(rows.map((row) => row['request_time'])).toEqual(
      times.map((time) => new Date(time).toISOString()),
    );
  });
});

test('values that look like two objects come apart nowhere, with or without line breaks', async () => {
  const texts = ['}{', '"}{"', '\\"}{\\"', '}{"a":"b"}{'];
  const odd = Array.from({ length: 2000 }, (_, id) =>
    JSON.stringify({
      requestId: `r${id}`,
      extendedRequestId: `e${id}`,
      requestTimeEpoch: String(1_795_166_060_000 + id),
      status: '200',
      path: `/${texts[id % texts.length]}`,
    }),
  );

  const inLines = await reader.rows([sourceOf('lines', odd.join('\n'))]);
  const inRow = await reader.rows([sourceOf('row', odd.join(''))]);

  expect(inLines).toHaveLength(odd.length);
  expect(inRow).toEqual(inLines);
});

test('documents of ECS are counted and left out, whatever stands beside them', async () => {
  const documents = delivered(raw, 'ecs');
  const ingested = await reader.ingest([sourceOf('mixed', `${documents}${lines}`)]);

  expect(ingested.counts).toMatchObject({
    rows: raw.length,
    unparsed: 0,
    ecsDocuments: raw.length,
  });
  ingested.close();
});
