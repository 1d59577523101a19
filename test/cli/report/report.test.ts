import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../../../analytics/result';
import { query } from '../../../cli/report/query';
import { report } from '../../../cli/report/report';
import { type BucketServer, startBucket } from '../../support/bucket-server';
import { recordedTerminal } from '../../support/recorded-terminal';

const line = (id: number, keyId: string, more: Record<string, string> = {}) =>
  `${JSON.stringify({
    requestId: `r${id}`,
    extendedRequestId: `e${id}=`,
    requestTimeEpoch: String(Date.UTC(2026, 10, 20, 9, id)),
    apiId: 'a1',
    stage: 'prod',
    apiKeyId: keyId,
    httpMethod: 'GET',
    resourcePath: '/pets',
    status: '200',
    ...more,
  })}\n`;
const plans = {
  usagePlans: [
    {
      id: 'p1',
      name: 'Gold',
      apiStages: [{ apiId: 'a1', stage: 'prod' }],
      keys: [
        { id: 'k1', name: 'Acme' },
        { id: 'k2', name: '=Globex+1' },
      ],
    },
  ],
};
const content =
  line(1, 'k1') +
  line(2, 'k1', { status: '500' }) +
  line(2, 'k1', { status: '500' }) +
  line(3, 'k2') +
  'rubbish\n';

let folder: string;
let logs: string;
let plansFile: string;
const cacheHome = process.env['XDG_CACHE_HOME'];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
  logs = join(folder, 'access.log');
  plansFile = join(folder, 'plans.json');
  writeFileSync(logs, content);
  writeFileSync(plansFile, JSON.stringify(plans));
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
});
afterAll(() => {
  if (cacheHome === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = cacheHome;
  rmSync(folder, { recursive: true, force: true });
});

const byCustomer =
  'select customer_name, count(*) as n from requests group by 1 order by n desc, 1';

describe('a query', () => {
  test('is answered as JSON, with how complete the lines are', async () => {
    const terminal = recordedTerminal();
    const code = await query([byCustomer, logs, '--plans', plansFile, '--json'], terminal);

    const [result] = terminal.documents<Result>();
    expect(code).toBe(0);
    expect(result?.columns).toEqual(['customer_name', 'n']);
    expect(result?.rows).toEqual([
      ['Acme', 2],
      ['=Globex+1', 1],
    ]);
    expect(result?.completeness).toMatchObject({
      lines: 5,
      requests: 3,
      duplicates: 1,
      unparsed: 1,
      unattributed: 0,
      files: 1,
    });
  });

  test('is answered as CSV, without formulas', async () => {
    const terminal = recordedTerminal();
    await query([byCustomer, logs, '--plans', plansFile, '--csv'], terminal);

    expect(terminal.printed.join('\n')).toContain("'=Globex+1,1");
  });

  test('is answered as a table, with the completeness apart', async () => {
    const terminal = recordedTerminal();
    await query([byCustomer, logs, '--plans', plansFile], terminal);

    expect(terminal.printed[0]).toMatch(/^customer_name +n$/);
    expect(terminal.warned.join('\n')).toMatch(/5 lines read · 3 requests · 1 duplicate removed/);
  });

  test('explains a statement in lines', async () => {
    const terminal = recordedTerminal();
    await query(['explain select count(*) from access', logs], terminal);

    expect(terminal.printed.length).toBeGreaterThan(4);
    expect(terminal.printed[0]).toMatch(/^┌─+┐$/);
    expect(terminal.printed.join('\n')).not.toContain('\\x0a');
  });

  test('counts lines without a time too, and tells so', async () => {
    const untimed = join(folder, 'untimed.log');
    writeFileSync(untimed, content + line(4, 'k1', { requestTimeEpoch: '-' }));
    const terminal = recordedTerminal();
    await query(['select count(*) as n from requests', untimed, '--csv'], terminal);
    await query(['select count(*) as n from requests', untimed], terminal);

    expect(terminal.printed.slice(0, 2).map((one) => one.trim())).toEqual(['n', '4']);
    expect(terminal.warned).toEqual([
      expect.stringMatching(/^6 lines read · 4 requests · 1 duplicate removed/),
      '1 line could not be read, which no panel counts.',
      '1 line without a time, which no panel counts.',
    ]);
  });

  test('is answered where no line has a time; a report tells what to log', async () => {
    const untimed = join(folder, 'all-untimed.log');
    writeFileSync(untimed, line(4, 'k1', { requestTimeEpoch: '-' }));
    const terminal = recordedTerminal();
    await query(['select count(*) as n from access', untimed, '--csv'], terminal);

    expect(terminal.printed.map((one) => one.trim())).toEqual(['n', '1']);
    for (const more of [[], ['--from', '7d']]) {
      await expect(report([untimed, ...more], recordedTerminal())).rejects.toThrow(
        /^1 line read, none has a time: log \$context.requestTime or \$context.requestTimeEpoch$/,
      );
    }
  });

  test('reads the first line behind a byte order mark; UTF-16 is told', async () => {
    const marked = join(folder, 'marked.log');
    writeFileSync(marked, `\ufeff${line(1, 'k1')}${line(2, 'k1')}`);
    const wide = join(folder, 'wide.log');
    writeFileSync(wide, Buffer.from(`\ufeff${content}`, 'utf16le'));
    const terminal = recordedTerminal();
    await query(['select count(*) as n from requests', marked, '--csv'], terminal);

    expect(terminal.printed.map((one) => one.trim())).toEqual(['n', '2']);
    await expect(query(['select 1', wide], terminal)).rejects.toThrow(
      /^nothing could be read: .*wide.log: is UTF-16: save it as UTF-8$/,
    );
  });

  test.each<[string, () => string[], RegExp]>([
    [
      'a file that is not there',
      () => ['select 1', join(folder, 'none')],
      /^no such file or folder: .*none$/,
    ],
    ['no source', () => ['select 1'], /expected a SOURCE/],
    ['no SQL', () => [], /expected SQL/],
    [
      'a source alone',
      () => [logs],
      /^the SQL is missing: got ".*access.log", expected apigw-logs query 'select …' .*access.log$/,
    ],
    [
      'a source before the SQL',
      () => [logs, 'select 1'],
      /^the SQL stands before the source: expected apigw-logs query 'select 1' .*access.log$/,
    ],
    [
      'wrong SQL',
      () => ['select nope from access', logs],
      /^the SQL is wrong at line 1, column 8: .*nope/,
    ],
    [
      'a statement that never ends',
      () => ['select count(*) from range(1000000000000)', logs, '--timeout', '0.2'],
      /^the statement was ended after 0.2 seconds: --timeout SECONDS allows more, --from and --to read less$/,
    ],
    ...['0', 'x', '', '90000'].map((text): [string, () => string[], RegExp] => [
      `a limit of "${text}"`,
      () => ['select 1', logs, '--timeout', text],
      /^--timeout: got ".*", expected seconds, at most 86400$/,
    ]),
    ['a statement that writes', () => ['drop view access', logs], /expected a SELECT, got DROP/],
    [
      'a time without requests',
      () => ['select 1', logs, '--from', '2027-01-01'],
      /^no requests from 2027-01-01T00:00:00.000Z; those that were read are from 2026-11-20T09:01:00.000Z to 2026-11-20T09:03:00.000Z$/,
    ],
    [
      'a pattern that nothing matches',
      () => ['select 1', join(folder, '*.none')],
      /no file matches/,
    ],
  ])('of %s is told in one line', async (_, args, message) => {
    const error = await query(args(), recordedTerminal()).catch((caught: Error) => caught);

    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
  });
});

describe('a report', () => {
  test('is a page', async () => {
    const page = join(folder, 'page.html');
    const terminal = recordedTerminal();
    const code = await report([logs, '--plans', plansFile, '-o', page], terminal);

    expect(code).toBe(0);
    expect(terminal.printed).toEqual([page]);
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/i);
  }, 120_000);

  test('of one panel is JSON with its id', async () => {
    const terminal = recordedTerminal();
    await report([logs, '--plans', plansFile, '--panel', 'customers', '--json'], terminal);

    const [result] = terminal.documents<Result>();
    expect(result?.panel).toBe('customers');
    expect(result?.rows.flat()).toContain('Acme');
  });

  test.each([
    ['e3=', 'r3'],
    ['r2', 'r2'],
    ['k2', 'r3'],
  ])('finds the requests that carry %s', async (id, request) => {
    const terminal = recordedTerminal();
    await report([logs, '--plans', plansFile, '--find', id, '--json'], terminal);

    const [result] = terminal.documents<Result>();
    const place = result?.columns.indexOf('request_id') ?? -1;
    expect(result?.panel).toBe('find-request');
    expect(result?.rows.map((row) => row[place])).toEqual([request]);
  });

  describe('of an address with more requests than a list has', () => {
    let many: string;
    beforeAll(() => {
      many = join(folder, 'many.log');
      const lines = Array.from({ length: 120 }, (_, id) =>
        line(1_000 + id, 'k1', { ip: '8.8.8.8' }),
      );
      writeFileSync(many, lines.join(''));
    });
    const found = async (...args: string[]) => {
      const terminal = recordedTerminal();
      await report([many, '--plans', plansFile, ...args], terminal);
      return terminal;
    };

    test('finds all of them', async () => {
      const [result] = (await found('--find', '8.8.8.8', '--json')).documents<Result>();
      const csv = await found('--find', '8.8.8.8', '--csv');

      expect(result?.rows).toHaveLength(120);
      expect(result?.limit).toBe(100_000);
      expect(csv.printed.join('\n').trim().split('\r\n')).toHaveLength(121);
      expect(csv.warned.join('\n')).not.toContain('there may be more');
    });

    test('prints the first hundred, and says so', async () => {
      expect((await found('--find', '8.8.8.8')).printed).toContain(
        'The first 100 of 120 are shown; --csv and --json have all.',
      );
    });

    test('lists as many as the panel has, and says so', async () => {
      const [result] = (await found('--panel', 'recent-successes', '--json')).documents<Result>();
      const csv = await found('--panel', 'recent-successes', '--csv');

      expect(result).toMatchObject({ limit: 100, rows: { length: 100 } });
      expect(csv.warned).toContain('The first 100 are shown; there may be more.');
    });
  });

  test('tells that no request carries an id', async () => {
    const terminal = recordedTerminal();
    await report([logs, '--find', "r2' or '1' = '1"], terminal);

    expect(terminal.printed.join('\n')).toContain('No such request in this period.');
  });

  test.each<[() => string[], RegExp]>([
    [
      () => [logs, '--find', 'r1', '--panel', 'customers'],
      /^--find looks for requests: it cannot go with --panel customers$/,
    ],
    [() => [logs, '--find', ''], /^--find: got "", expected an id or an address$/],
    [() => [logs, '--find', ' '], /^--find: got " ", expected an id or an address$/],
    [() => [logs, '--panel', 'custommers'], /no panel "custommers".*customers/],
    [
      () => [logs, '--customer', 'Acmee', '--plans', plansFile],
      /--customer: no requests of "Acmee"/,
    ],
    [
      () => [logs, '--panel', 'customers', '--json', '--csv'],
      /^--json and --csv exclude each other$/,
    ],
    [() => [logs, '--panel', 'customer'], /no panel "customer"; did you mean customers\?/],
    [() => [logs, '--json'], /--json and --csv are for one panel/],
    [
      () => [logs, '--panel', 'hours-without-lines', '--customer', 'Acme', '--plans', plansFile],
      /^--panel hours-without-lines is about the whole log: not for one --customer$/,
    ],
    [() => ['--sample', logs], /--sample takes no SOURCE/],
    [() => [logs, '--time-zone', 'Mars'], /--time-zone: got "Mars"/],
  ])('needs sound arguments (%#)', async (args, message) => {
    await expect(report(args(), recordedTerminal())).rejects.toThrow(message);
  });

  describe('of a time', () => {
    const at = (month: number, day: number) => ({
      requestTimeEpoch: String(Date.UTC(2026, month - 1, day, 9)),
    });
    let files: string;

    beforeAll(() => {
      files = join(folder, 'days');
      const days: [month: number, day: number, keys: string[]][] = [
        [10, 31, ['k2']],
        [11, 2, ['k1', 'k2', 'k2']],
        [11, 9, ['k1', 'k1', 'k1', 'k1']],
        [11, 16, ['k1']],
      ];
      let id = 100;
      for (const [month, day, keys] of days) {
        const its = join(files, `day=2026-${month}-${String(day).padStart(2, '0')}`);
        mkdirSync(its, { recursive: true });
        writeFileSync(
          join(its, 'a.log'),
          keys.map((key) => line(id++, key, at(month, day))).join(''),
        );
      }
    });

    const week = ['--from', '2026-11-09', '--to', '2026-11-15'];
    const shown = async (panel: string) => {
      const terminal = recordedTerminal();
      await report([files, '--plans', plansFile, ...week, '--panel', panel, '--json'], terminal);
      const [result] = terminal.documents<Result>();
      return {
        rows: result?.rows.map((row) =>
          Object.fromEntries(row.map((value, index) => [result.columns[index], value])),
        ),
        completeness: result?.completeness,
      };
    };

    test('compares it with the time before', async () => {
      const { rows, completeness } = await shown('movers');

      expect(completeness).toMatchObject({ lines: 4, requests: 4 });
      expect(rows).toEqual([
        expect.objectContaining({ customer_name: 'Acme', requests: 4, previous_requests: 1 }),
        expect.objectContaining({ customer_name: '=Globex+1', requests: 0, previous_requests: 2 }),
      ]);
    });

    test('tells the month so far, from its first day on', async () => {
      const { rows } = await shown('forecast');

      expect(rows).toEqual([expect.objectContaining({ month_requests: 7 })]);
    });

    test('tells who is new by the whole log', async () => {
      const { rows } = await shown('customer-counts');

      expect(rows).toEqual([
        expect.objectContaining({ customers: 1, new_customers: 0, silent_customers: 1 }),
      ]);
    });

    test('is all that a query has', async () => {
      const terminal = recordedTerminal();
      await query(['select count(*) as n from requests', files, ...week, '--csv'], terminal);

      expect(terminal.printed.map((one) => one.trim())).toEqual(['n', '4']);
    });
  });

  test('lists its panels', async () => {
    const terminal = recordedTerminal();

    expect(await report(['--list'], terminal)).toBe(0);
    expect(terminal.printed.join('\n')).toContain('customers');
  });
});

describe('a report of a bucket from --from on', () => {
  const environment = { ...process.env };
  const on = (day: number, id: number) =>
    line(id, 'k1', {
      requestTimeEpoch: String(Date.UTC(2026, 10, day, 1)),
      extendedRequestId: `${day}/${id}=`,
    });
  const days = ['--from', '2026-11-20', '--to', '2026-11-20'];
  let server: BucketServer;
  const told = async (prefix: string, ...more: string[]) => {
    const terminal = recordedTerminal();
    const source = `s3://access-logs/${prefix}/`;
    await report([source, '--panel', 'requests', '--json', ...days, ...more], terminal);
    const [result] = terminal.documents<Result>();
    const [row] = result?.rows ?? [];
    const of = (name: string) => row?.[result?.columns.indexOf(name) ?? -1];
    return {
      requests: [of('requests'), of('previous_requests')],
      isWarned: terminal.warned.some((warning) => warning.includes('--history')),
    };
  };

  beforeAll(async () => {
    server = await startBucket('access-logs');
    Object.assign(process.env, server.environment);
    const put = (key: string, text: string) =>
      server.objects.set(key, { body: Buffer.from(text), lastModified: new Date(0) });
    put('whole/a.log', on(19, 1) + on(19, 2) + on(20, 3));
    // A line of the day before came late.
    for (const day of [18, 19, 20]) {
      put(`dated/day=2026-11-${day}/a.log`, on(day - 1, 1) + on(day, 2) + on(day, 3));
    }
  });
  afterAll(async () => {
    process.env = environment;
    await server.close();
  });

  test('reads its time alone, and tells so', async () => {
    expect(await told('dated')).toEqual({ requests: [2, null], isWarned: true });
  });

  test('compares it with what lies before, from --history on', async () => {
    const more = ['--history', '2026-11-19'];
    expect(await told('dated', ...more)).toEqual({ requests: [2, 3], isWarned: false });
  });

  test('compares it with what was read anyway', async () => {
    expect(await told('whole')).toEqual({ requests: [1, 2], isWarned: false });
  });

  test.each([
    [
      ['--history', '2026-11-20', '--from', '2026-11-20'],
      /^--history: got 2026-11-20, expected a time before --from 2026-11-20$/,
    ],
    [['--history', '7d'], /^--history is for lines before --from TIME$/],
  ])('says what is wrong with %j', async (args, message) => {
    await expect(report([logs, ...args], recordedTerminal())).rejects.toThrow(message);
  });
});
