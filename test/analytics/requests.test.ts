import { repetitionsSql } from '../../analytics/requests';
import { type AccessRow, accessDatabase } from '../support/access-table';

const base: AccessRow = {
  api_id: 'a1',
  stage: 'prod',
  extended_request_id: 'ext-1=',
  request_id: 'req-1',
  request_time_epoch: 1_780_000_000_123,
  status: 200,
  path: '/pets',
};
const attributed: AccessRow = {
  ...base,
  usage_plan: 'Gold',
  usage_plan_id: 'p1',
  customer_name: 'Acme',
};

async function requestsOf(rows: readonly AccessRow[]) {
  const database = await accessDatabase(rows);
  try {
    const requests = await database.rows('select * from requests order by extended_request_id');
    const [repetitions] = await database.rows(repetitionsSql());
    return { requests, repetitions };
  } finally {
    database.close();
  }
}

describe('the relation requests', () => {
  test('has a line that was delivered several times once', async () => {
    const { requests, repetitions } = await requestsOf([base, base, base]);

    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject(base);
    expect(repetitions).toEqual({ repeated: 1, duplicates: 2, conflicts: 0 });
  });

  test.each([
    ['another API', { api_id: 'a2' }],
    ['another stage', { stage: 'beta' }],
    ['another extended request id', { extended_request_id: 'ext-2=' }],
  ])('keeps two lines of %s apart', async (_, difference) => {
    const { requests } = await requestsOf([base, { ...base, ...difference }]);

    expect(requests).toHaveLength(2);
  });

  test('takes the extended request id before a request id that the client chose', async () => {
    const { requests } = await requestsOf([base, { ...base, extended_request_id: 'ext-2=' }]);

    expect(requests.map((row) => row['request_id'])).toEqual(['req-1', 'req-1']);
  });

  test('takes request id and time together where there is no extended one', async () => {
    const line = { ...base, extended_request_id: null };
    const later = { ...line, request_time_epoch: 1_780_000_000_124 };
    const { requests } = await requestsOf([line, line, later]);

    expect(requests).toHaveLength(2);
  });

  test('counts lines without an id one by one', async () => {
    const line = { ...base, extended_request_id: null, request_id: null };
    const { requests, repetitions } = await requestsOf([line, line]);

    expect(requests).toHaveLength(2);
    expect(repetitions).toEqual({ repeated: 0, duplicates: 0, conflicts: 0 });
  });

  test.each([[[base, attributed]], [[attributed, base]], [[base, attributed, base]]])(
    'keeps the attributed line, whichever came first, and reports the conflict',
    async (rows) => {
      const { requests, repetitions } = await requestsOf(rows);

      expect(requests).toHaveLength(1);
      expect(requests[0]).toMatchObject(attributed);
      expect(repetitions).toMatchObject({ repeated: 1, conflicts: 1 });
    },
  );

  test('keeps the same line of a conflict in any order', async () => {
    const other = { ...attributed, status: 500 };
    const [one] = (await requestsOf([attributed, other])).requests;
    const [two] = (await requestsOf([other, attributed])).requests;

    expect(one).toEqual(two);
  });

  test('leaves out lines that could not be read', async () => {
    const { requests } = await requestsOf([
      base,
      { unparsed_line: 'garbage' },
      { unparsed_line: 'gar', unparsed_line_base64: '/w==' },
    ]);

    expect(requests).toHaveLength(1);
  });

  test('is empty without lines', async () => {
    const { requests, repetitions } = await requestsOf([]);

    expect(requests).toEqual([]);
    expect(repetitions).toEqual({ repeated: 0, duplicates: 0, conflicts: 0 });
  });
});
