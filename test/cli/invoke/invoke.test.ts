import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { invoke } from '../../../cli/invoke/invoke';
import { widthOf } from '../../../cli/terminal/printable';
import type { Terminal } from '../../../cli/terminal/terminal';
import { UsageError } from '../../../cli/usage-error';
import { startControlPlane } from '../../../emulator/control-plane';
import { base64, textOf } from '../../support/firehose';
import { recordedTerminal } from '../../support/recorded-terminal';
import { sourceFormats } from '../../support/source-formats';

/** A terminal that keeps what is written to it, and marks what is painted green. */
function listen(columns?: number) {
  const printed: string[] = [];
  const warned: string[] = [];
  const terminal: Terminal = {
    ...recordedTerminal(columns),
    print: (line = '') => void printed.push(line),
    warn: (line) => void warned.push(line),
    paint: (text, ...colors) => (colors.includes('green') ? `<${text}>` : text),
  };
  return { printed, warned, terminal };
}

async function run(...args: string[]) {
  const { printed, warned, terminal } = listen();
  const exitCode = await invoke(args, terminal);
  return { printed, warned, exitCode };
}

function readSample(name: string): FirehoseTransformationEvent {
  return JSON.parse(readFileSync(`events/${name}.json`, 'utf8'));
}

/** What a sample's lines are delivered as, read. */
async function delivered(name: string): Promise<Record<string, string>[]> {
  const { printed } = await run('--event', `events/${name}.json`, '--json');
  const { records }: FirehoseTransformationResult = JSON.parse(printed[0] ?? '');
  return records
    .flatMap((record) => textOf(record).split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** A file in place of one that would have to be written. */
function fileOf(content: unknown): string {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'invoke-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the samples', () => {
  const samples: Record<string, [plan: string | undefined, customer: string | undefined][]> = {
    apiable: [
      ['Gold', 'Acme GmbH'],
      ['Sandbox', 'Acme GmbH'],
      ['-', '-'],
      ['Gold', 'Globex Corporation'],
      ['Silver', 'Initech'],
      ['-', '-'],
      ['-', 'Hooli'],
      [undefined, undefined],
      ['Gold', 'Acme GmbH'],
    ],
    'elastic-rest': [
      ['Silver', 'Initech'],
      ['-', 'Hooli'],
      ['Partner', 'Müller & Söhne KG'],
      ['-', '-'],
      ['Partner', 'Müller & Söhne KG'],
    ],
    'sumo-rest': [
      ['Silver', '-'],
      ['-', 'Former Customer Ltd'],
      ['-', '-'],
      ['Gold', 'Globex Corporation'],
    ],
  };

  for (const [name, attributions] of Object.entries(samples)) {
    test(`${name} has lines of that format, and each gets its plan and its customer`, async () => {
      const lines = await delivered(name);

      const format = sourceFormats.find((one) => one.name === name);
      const fields = Object.keys(format?.fields ?? {});
      const readable = lines.filter((line) => !('unparsed_line' in line));
      expect(lines.map((line) => [line['usage_plan'], line['customer_name']])).toEqual(
        attributions,
      );
      for (const line of readable) {
        expect(Object.keys(line)).toEqual([...fields, 'usage_plan', 'customer_name']);
      }
    });
  }

  const others: Record<string, [plan: string, customer: string][]> = {
    'broken-lines': [
      ['Gold', 'Acme GmbH'],
      ['Silver', 'Initech'],
      ['Gold', 'Acme GmbH'],
      ['-', '-'],
    ],
    'http-envelope': [
      ['-', '-'],
      ['-', '-'],
      ['-', '-'],
    ],
    'websocket-envelope': [
      ['Partner', 'Müller & Söhne KG'],
      ['Partner', 'Müller & Söhne KG'],
      ['-', '-'],
    ],
    clf: [
      ['-', '-'],
      ['-', '-'],
    ],
    csv: [
      ['-', '-'],
      ['-', '-'],
    ],
    xml: [['-', '-']],
  };
  for (const [name, attributions] of Object.entries(others)) {
    test(`${name} comes out as JSON, and each line gets its plan and its customer`, async () => {
      const lines = await delivered(name);

      expect(lines.map((line) => [line['usage_plan'], line['customer_name']])).toEqual(
        attributions,
      );
    });
  }

  test('a malformed record fails alone', async () => {
    const { printed, exitCode } = await run('--event', 'events/failing/malformed-record.json');

    expect(printed).toContain('       out  ProcessingFailed: kept untouched under errors/');
    expect(printed).toContain('                1  ProcessingFailed: 1 without a readable line');
    expect(exitCode).toBe(1);
  });

  test('all run by default, in order, in one container', async () => {
    const { printed, warned, exitCode } = await run();

    expect(printed.filter((line) => line.startsWith('events/'))).toEqual([
      'events/apiable.json  4 records\n',
      'events/broken-lines.json  4 records\n',
      'events/clf.json  2 records\n',
      'events/csv.json  2 records\n',
      'events/elastic-rest.json  4 records\n',
      'events/http-envelope.json  2 records\n',
      'events/sumo-rest.json  3 records\n',
      'events/websocket-envelope.json  1 record\n',
      'events/xml.json  1 record\n',
    ]);
    expect(printed).toContain(
      'calls           8  to API Gateway: 2 GetUsagePlans, 6 GetUsagePlanKeys',
    );
    expect(warned).toEqual([]);
    expect(exitCode).toBe(0);
  });
});

describe('for a person', () => {
  test('shows each line as it went in, and below it as it came out, with what is new', async () => {
    const { printed } = await run('--event', 'events/apiable.json');

    const [first = '', second = ''] = printed.slice(1);
    expect(first).toMatch(/^ {2}<✓> 1 {2}in {3}\{"api_id":"7k2m9x4qpa",.*"stage":"prod"\}$/);
    expect(second).toMatch(/"stage":"prod",<"usage_plan":"Gold">,<"customer_name":"Acme GmbH">\}$/);
  });

  test('counts lines, records, plans and calls', async () => {
    const { printed } = await run('--event', 'events/apiable.json');

    expect(printed.slice(printed.lastIndexOf('') + 1, -1)).toEqual([
      'lines        <   5>  with usage plan and customer',
      '                1  with a customer who has no plan for the stage',
      '                1  without a key',
      '                1  with an unknown key',
      '                1  unreadable',
      'records      <   4>  Ok',
      '                0  Dropped',
      '                0  ProcessingFailed',
      'usage plans     6  with 7 keys, from events/usage-plans.json',
      'calls           8  to API Gateway: 2 GetUsagePlans, 6 GetUsagePlanKeys',
    ]);
  });

  test.each([40, 80, 120])('keeps within %d columns of a terminal', async (columns) => {
    const { printed, terminal } = listen(columns);

    await invoke(['--verbose'], { ...terminal, paint: (text) => text });

    const records = printed.filter((line) => / (in|out) {2,3}/.test(line));
    expect(records.length).toBeGreaterThan(30);
    expect(Math.max(...records.map(widthOf))).toBeLessThanOrEqual(columns);
  });

  for (const output of ['verbatim', 'canonical', 'ecs']) {
    test(`at 80 columns shows one sample whole and of the others a row a line, as ${output}`, async () => {
      const { printed, terminal } = listen(80);

      await invoke(['--output', output], { ...terminal, paint: (text) => text });

      expect(Math.max(...printed.map(widthOf))).toBeLessThanOrEqual(80);
      expect(printed.filter((line) => line.includes(' in   '))).toHaveLength(9);
      expect(printed).toEqual(
        expect.arrayContaining([
          '  ✓ 09:14:20 GET     /prod/invoices/2026-11   200 → Silver · Initech',
          '  ✓ 09:14:30 GET     /prod/invoices           200 → Silver · - *',
          '  ✓ 09:16:41 GET     /products                200 → - · -',
          '  ✓ 09:17:02 DELETE  /orders/{id}             204 → - · -',
          '  ✓ 09:18:20 CONNECT $connect                 200 → Partner · Müller & Söhne KG',
          '  – Dropped: nothing to deliver',
        ]),
      );
    });
  }

  test('says whose a document is, and which folder it goes to', async () => {
    const { printed } = await withEnvironment({ PARTITION_BY: 'customer' }, () =>
      run('--event', 'events/elastic-rest.json', '--output', 'ecs'),
    );

    expect(printed).toContainEqual(
      expect.stringMatching(/^ +→ {4}<Silver · Initech> {2}in customer=Initech/),
    );
  });

  test('tells of a record without data', async () => {
    const { printed, warned, exitCode } = await run(
      '--event',
      fileOf({ records: [{ recordId: '1' }] }),
    );

    expect(printed[1]).toBe('  ✗ 1  out  ProcessingFailed: kept untouched under errors/');
    expect(printed).toContain('                1  ProcessingFailed: 1 no base64');
    expect([warned, exitCode]).toEqual([[], 1]);
  });

  test('says of a record that cannot be opened what it is, and shows none of it', async () => {
    const [secret, gzip] = ['0123456789abcdef', gzipSync('{"a":1}')];
    const envelope = `{"messageType":"DATA_MESSAGE","owner":"1","logEvents":["apiKey=${secret}"]}`;
    const data = [
      `{"apiKey":"${secret}"}`,
      gzip.subarray(0, -5).toString('base64'),
      base64(envelope),
    ];
    const event = fileOf({
      records: data.map((content, id) => ({ recordId: `${id}`, data: content })),
    });

    const { printed } = await run('--event', event);

    const ins = printed.filter((row) => row.includes(' in '));
    expect(ins.map((row) => row.trim())).toEqual([
      expect.stringContaining('no base64: 29 characters'),
      expect.stringContaining('gzip that is broken'),
      expect.stringContaining('a CloudWatch Logs message that is broken'),
    ]);
    expect(printed.join('\n')).not.toMatch(new RegExp(`${secret.slice(0, 8)}|${data[2]}`));
  });

  test('never shows the value of a key', async () => {
    const { printed } = await run();
    const { printed: kept } = await withEnvironment({ API_KEY_VALUES: 'keep' }, () => run());

    const lines = await withEnvironment({ API_KEY_VALUES: 'keep' }, () => delivered('apiable'));
    const values = lines.map((line) => line['api_key'] ?? '-').filter((value) => value !== '-');
    expect(values.length).toBeGreaterThan(5);
    for (const value of values) {
      const shown = [...printed, ...kept].filter((line) => line.includes(value));
      expect(shown).toEqual([]);
    }
  });

  test('never shows the value of a key, even where a nested object has it', async () => {
    const line = '{"identity":{"apiKey":"0123456789abcdef"}}';
    const event = fileOf({ records: [{ recordId: '1', data: base64(line) }] });

    const { printed } = await run('--event', event);

    expect(printed.filter((row) => row.includes('{"identity":{"apiKey":"****cdef"}'))).toHaveLength(
      2,
    );
    expect(printed.join('\n')).not.toContain('0123456789');
  });

  test('tells of a record that does not fit, and puts it into nobody’s stream', async () => {
    const line = JSON.stringify({ key_id: 'k3yac4me01', path: 'x'.repeat(900_000) });
    const event = readSample('apiable');
    const data = Buffer.from(`${line}\n`.repeat(3)).toString('base64');
    event.records = [1, 2].map((id) => ({ ...event.records[0], recordId: `${id}`, data })) as never;

    const { printed, exitCode } = await run('--event', fileOf(event));

    expect(printed).toContainEqual(expect.stringContaining('Dropped: back into the stream'));
    expect(printed).toContainEqual(expect.stringMatching(/ 1 {2}back into the stream$/));
    expect(exitCode).toBe(0);
  });
});

describe('--json', () => {
  test('prints the response and nothing else', async () => {
    const { printed, warned, exitCode } = await run('--event', 'events/apiable.json', '--json');

    const { records } = readSample('apiable');
    expect(printed).toHaveLength(1);
    expect(JSON.parse(printed[0] ?? '')).toEqual({
      records: records.map(({ recordId }) => ({
        recordId,
        result: 'Ok',
        data: expect.stringMatching(/^[\w+/]+=*$/),
      })),
    });
    expect(warned).toEqual([]);
    expect(exitCode).toBe(0);
  });

  test('prints a line for each event', async () => {
    const { printed } = await run('--json');

    expect(printed.map((line) => JSON.parse(line).records.length)).toEqual([
      4, 4, 2, 2, 4, 2, 3, 1, 1,
    ]);
  });

  test('says in the exit code that a record failed', async () => {
    const { exitCode } = await run('--json', '--event', 'events/failing/malformed-record.json');

    expect(exitCode).toBe(1);
  });
});

describe('--lines', () => {
  const line = JSON.stringify({ apiId: '7k2m9x4qpa', stage: 'prod', apiKeyId: 'k3yac4me01' });
  const enriched = line.replace('}', ',"usage_plan":"Gold","customer_name":"Acme GmbH"}');

  test('come out as they are delivered, and nothing else, with --print lines', async () => {
    const file = fileOf(`${line}\n\nnothing that can be read\n${line}\n`);

    const { printed, warned, exitCode } = await run('--lines', file, '--print', 'lines');

    expect(printed).toEqual([enriched, enriched]);
    expect(warned).toEqual([
      `apigw-logs invoke: ${file}: record 2: without a readable line`,
      'apigw-logs invoke: 1 record failed: `apigw-logs formats --check FILE` tells whether lines of a format can be read',
    ]);
    expect(exitCode).toBe(1);
  });

  test('names the first records that failed, counted through the file, and how many did', async () => {
    const file = fileOf(`${`${line}\n`.repeat(600)}${'gibberish\n'.repeat(5)}`);

    const { warned } = await run('--lines', file, '--print', 'lines');

    expect(warned).toEqual([
      ...[601, 602, 603].map(
        (number) => `apigw-logs invoke: ${file}: record ${number}: without a readable line`,
      ),
      expect.stringMatching(/^apigw-logs invoke: 5 records failed: /),
    ]);
  });

  test('without --lines are told where they go', async () => {
    const npm = process.env['npm_command'];
    delete process.env['npm_command'];
    const message =
      "unexpected argument 'x.log': a Firehose event goes to --event, lines of a log to --lines";
    await expect(run('x.log')).rejects.toThrow(new UsageError(message));
    // Which takes options without -- for its own.
    process.env['npm_command'] = 'run-script';
    await expect(run('x.log')).rejects.toThrow(
      new UsageError(`${message} (with npm run, put -- before options)`),
    );
    if (npm === undefined) delete process.env['npm_command'];
    else process.env['npm_command'] = npm;
  });

  test('run beside events that are named, and instead of the samples', async () => {
    const { printed } = await run('--lines', fileOf(line), '--event', 'events/xml.json');

    expect(printed.filter((row) => /records?\n$/.test(row))).toHaveLength(2);
  });

  test('are attributed by tags and customer ids of a plans file', async () => {
    const apiStages = [{ apiId: '7k2m9x4qpa', stage: 'prod' }];
    const keys = [{ id: 'k3yac4me01', name: 'key', customerId: 'c-7', tags: { customer: 'Acme' } }];
    const plans = fileOf({ items: [{ id: 'p', name: 'Gold', apiStages, keys: { items: keys } }] });
    const environment = {
      CUSTOMER_NAME: '{key.tags.customer|key.name}',
      EXTRA_FIELDS: 'market_id={key.customerId}',
    };

    const { printed } = await withEnvironment(environment, () =>
      run('--lines', fileOf(line), '--plans', plans, '--print', 'lines'),
    );

    expect(JSON.parse(printed[0] ?? '')).toMatchObject({ customer_name: 'Acme', market_id: 'c-7' });
  });
});

test('FIELD_NAMES names the fields as the deployment does', async () => {
  const { printed } = await withEnvironment({ FIELD_NAMES: 'apiable' }, () =>
    run('--event', 'events/apiable.json', '--print', 'lines'),
  );

  expect(JSON.parse(printed[0] ?? '')).toMatchObject({
    plan_id: 'Gold',
    subscription_id: 'Acme GmbH',
  });
  await expect(withEnvironment({ FIELD_NAMES: 'none' }, () => run())).rejects.toThrow(
    /^FIELD_NAMES: got "none", expected default, apiable/,
  );
});

describe('--output', () => {
  test('chooses the shape of delivered lines', async () => {
    const { printed } = await run('--event', 'events/apiable.json', '--output', 'canonical');

    expect(printed[2]).toContain('"request_time":"2026-11-20T09:14:04.000Z"');
  });

  test('takes shapes only that there are', async () => {
    await expect(run('--output', 'parquet')).rejects.toThrow(
      '--output: got "parquet", expected verbatim, canonical, ecs',
    );
  });
});

describe('usage plans', () => {
  test('come from the file that is named', async () => {
    const apiStages = [{ apiId: '7k2m9x4qpa', stage: 'prod' }];
    const keys = [{ id: 'k3yac4me01', name: 'Somebody' }];
    const plans = fileOf({ usagePlans: [{ id: 'p', name: 'Platinum', apiStages, keys }] });

    const { printed } = await run('--plans', plans, '--event', 'events/apiable.json');

    expect(printed[2]).toContain('<"usage_plan":"Platinum">,<"customer_name":"Somebody">');
  });

  describe('of the account', () => {
    const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

    test('come from where AWS_ENDPOINT_URL points', async () => {
      const keys = [{ id: 'k3yac4me01', name: 'Acme of the account' }];
      const controlPlane = await startControlPlane({ usagePlans: [{ id: 'p', keys }] });
      const environment = {
        ...credentials,
        AWS_ENDPOINT_URL: controlPlane.url,
        AWS_REGION: 'eu-west-1',
      };

      const { printed, exitCode } = await withEnvironment(environment, () =>
        run('--aws', '--event', 'events/apiable.json'),
      );
      await controlPlane.close();

      expect(printed[2]).toContain('"customer_name":"Acme of the account"');
      expect(exitCode).toBe(0);
    });

    test('cannot be read by whoever is denied, which one line says', async () => {
      const fault = () => ({ status: 403, errorType: 'AccessDeniedException', message: 'no' });
      const controlPlane = await startControlPlane({ fault });
      const environment = {
        ...credentials,
        AWS_ENDPOINT_URL: controlPlane.url,
        AWS_REGION: 'eu-west-1',
      };

      const { printed, warned, exitCode } = await withEnvironment(environment, () =>
        run('--aws', '--json', '--event', 'events/apiable.json'),
      );
      await controlPlane.close();

      expect(printed).toEqual([]);
      expect(warned).toEqual([
        expect.stringMatching(
          /^apigw-logs invoke: events\/apiable\.json: cannot load the usage plans: denied: /,
        ),
      ]);
      expect(exitCode).toBe(1);
    });
  });
});

describe('rejects', () => {
  const cases: [title: string, args: () => string[], message: string | RegExp][] = [
    ['an unknown option', () => ['--evnt', 'x'], 'unknown option --evnt; did you mean --event?'],
    ['an argument', () => ['x.json'], "unexpected argument 'x.json'"],
    ['an option without its value', () => ['--event'], "option '--event <value>' argument missing"],
    ['two sources of plans', () => ['--aws', '--plans', 'x'], /--aws and --plans exclude/],
    [
      'a missing event',
      () => ['--event', 'no.json'],
      'cannot read no.json: no such file or directory',
    ],
    [
      'missing plans',
      () => ['--plans', 'no.json'],
      'cannot read no.json: no such file or directory',
    ],
    [
      'what is no JSON',
      () => ['--event', 'LICENSE'],
      /^LICENSE is not JSON: unexpected "A" at line 1, column 33/,
    ],
    [
      'lines in place of an event',
      () => ['--event', 'README.md'],
      /^README\.md is not JSON: .*; access-log lines as they are go to --lines$/,
    ],
    [
      'what it cannot print',
      () => ['--print', 'all'],
      '--print: got "all", expected lines or response',
    ],
    [
      'what is no Firehose event',
      () => ['--event', 'tsconfig.json'],
      /^tsconfig\.json is not a Firehose transformation event: expected .*"records", got/,
    ],
    [
      'plans of another form',
      () => ['--plans', 'tsconfig.json'],
      /^tsconfig\.json is not a plans file/,
    ],
  ];

  test.each(cases)('%s', async (_, args, message) => {
    const { printed, terminal } = listen();

    const outcome = invoke(args(), terminal);

    await expect(outcome).rejects.toThrow(UsageError);
    await expect(outcome).rejects.toThrow(message);
    expect(printed).toEqual([]);
  });

  test('a setting that the function would reject', async () => {
    const outcome = withEnvironment({ API_KEY_VALUES: 'show' }, () => run());

    await expect(outcome).rejects.toThrow(UsageError);
    await expect(outcome).rejects.toThrow(/API_KEY_VALUES: got "show"/);
  });
});

async function withEnvironment<T>(
  variables: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = process.env;
  process.env = { ...before, ...variables };
  try {
    return await work();
  } finally {
    process.env = before;
  }
}
