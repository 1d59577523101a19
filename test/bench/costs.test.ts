import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  analyticsCosts,
  auditCosts,
  logGroupCosts,
  lookCosts,
  monthlyCosts,
  tiered,
  withCostTable,
} from '../../bench/costs';

describe('the costs of a month', () => {
  test('count every record as 5 KB at least', () => {
    const small = monthlyCosts({ requests: 1_048_576, lineBytes: 1 });
    const large = monthlyCosts({ requests: 1_048_576, lineBytes: 5 * 1024 });
    const larger = monthlyCosts({ requests: 1_048_576, lineBytes: 5 * 1024 + 1 });

    // 5 GB at 0.029 USD.
    expect(small.firehose).toBeCloseTo(0.145);
    expect(large.firehose).toBeCloseTo(0.145);
    expect(larger.firehose).toBeCloseTo(0.29);
  });

  test('have an invocation a minute where traffic is thin, and none without', () => {
    const thin = monthlyCosts({ requests: 1e6, lineBytes: 1 });

    // 43,800 minutes a month, 3 ms of 512 MB each.
    expect(thin.lambda).toBeCloseTo(43_800 * (0.0000002 + 0.003 * 0.5 * 0.0000133334), 4);
    expect(monthlyCosts({ requests: 0, lineBytes: 340 }).lambda).toBe(0);
  });

  test('grow with the traffic, but no faster', () => {
    const billion = monthlyCosts({ requests: 1e9, lineBytes: 340 });
    const trillion = monthlyCosts({ requests: 1e12, lineBytes: 340 });

    expect(trillion.total).toBeGreaterThan(500 * billion.total);
    expect(trillion.total).toBeLessThan(1_000 * billion.total);
  });

  test('are those that the document lists', () => {
    const document = readFileSync(join(__dirname, '..', '..', 'docs', 'costs.md'), 'utf8');

    expect(withCostTable(document)).toBe(document);
  });
});

describe('the way through log groups', () => {
  test('costs more at CloudWatch Logs than Firehose costs for the same lines of a REST API', () => {
    const traffic = { requests: 1e9, lineBytes: 340 };

    // 366 GB in binary units, at 0.50 USD.
    expect(logGroupCosts(traffic).cloudWatchLogs).toBeGreaterThan(monthlyCosts(traffic).firehose);
    expect(logGroupCosts(traffic).firehose).toBeLessThan(monthlyCosts(traffic).firehose / 10);
  });

  test('costs nothing without requests', () => {
    expect(logGroupCosts({ requests: 0, lineBytes: 340 })).toEqual({
      cloudWatchLogs: 0,
      firehose: 0,
    });
  });
});

describe('analytics', () => {
  test('charge at least ten megabytes a query', () => {
    expect(analyticsCosts({ requests: 1, lineBytes: 1 }).query).toBeCloseTo(0.00005);
  });

  test('write a page a night for cents where there is little traffic, whatever the least of a query is', () => {
    // Fifty queries of 10 MB, and three minutes of 1,769 MB.
    const night = 50 * 0.00005 + 180 * (1769 / 1024) * 0.0000133334;
    expect(analyticsCosts({ requests: 1, lineBytes: 1 }).pages).toBeCloseTo(night * (730 / 24), 6);
  });

  test('write pages that cost as many times more as there are requests more', () => {
    const [some, many] = [1e9, 1e10].map((requests) =>
      analyticsCosts({ requests, lineBytes: 340 }),
    );
    expect(Number(many?.pages) / Number(some?.pages)).toBeCloseTo(10, 0);
  });

  test('read a billion closed requests for some cents', () => {
    expect(analyticsCosts({ requests: 1e9, lineBytes: 340 }).query).toBeCloseTo(0.23);
  });
});

describe('a look at a dashboard of the access log', () => {
  test('costs about a tenth of a cent: a query for each roll-up of each widget', () => {
    // Sixteen widgets, one of which reads two roll-ups.
    expect(lookCosts('overview')).toBeCloseTo(17 * 0.00005, 8);
    for (const page of ['errors', 'customers', 'plans']) {
      expect(lookCosts(page)).toBeLessThan(0.0011);
    }
  });
});

describe('a price in tiers', () => {
  const tiers = [
    [10, 3],
    [20, 2],
    [Number.POSITIVE_INFINITY, 1],
  ] as const;

  for (const [quantity, usd] of [
    [0, 0],
    [10, 30],
    [11, 32],
    [25, 55],
  ] as const) {
    test(`is ${usd} for ${quantity}`, () => {
      expect(tiered(quantity, tiers)).toBe(usd);
    });
  }
});

describe('an audit', () => {
  const busy = { records: 1e9, calls: 1e6 };

  test('reads each record of the trail once, with a processor of 1,769 MB', () => {
    const quiet = auditCosts({ records: 0, calls: 0 }).extracting;

    // 1.5 TB of JSON at 10 ms a MiB.
    const gbSeconds = ((1e9 * 1_500) / 1_048_576) * 0.01 * (1769 / 1024);
    expect(auditCosts(busy).extracting - quiet).toBeCloseTo(gbSeconds * 0.0000133334, 1);
  });

  test('costs its alarms whatever the account does, and a query never less than 10 MB', () => {
    expect(auditCosts(busy).alarms).toBe(auditCosts({ records: 0, calls: 0 }).alarms);
    expect(auditCosts({ records: 0, calls: 0 }).query).toBeCloseTo(0.00005, 6);
  });
});
