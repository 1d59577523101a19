import { type FailedRecord, failedRecords } from '../../../cli/replay/failed-records';
import { failedLine } from '../../support/failed-object';

async function read(...lines: string[]): Promise<FailedRecord[]> {
  const all: FailedRecord[] = [];
  async function* body() {
    yield Buffer.from(lines.join('\n'));
  }
  for await (const record of failedRecords(body())) all.push(record);
  return all;
}

test('reads what Firehose writes', async () => {
  expect(await read(failedLine('payload'))).toEqual([
    {
      rawData: Buffer.from('payload').toString('base64'),
      errorCode: 'Lambda.FunctionError',
      errorMessage: 'The Lambda function was successfully invoked but it returned an error result.',
      attemptsMade: 4,
      arrivedAt: Date.UTC(2026, 10, 19, 8, 0),
      line: failedLine('payload'),
    },
  ]);
});

test('takes either spelling of the function’s ARN, numbers in quotes, and no reason at all', async () => {
  const spelled = failedLine('a', { lambdaARN: undefined, lambdaArn: 'arn', attemptsMade: '2' });

  const records = await read(spelled, '', JSON.stringify({ rawData: 'YQ==' }));

  expect(records).toMatchObject([
    { attemptsMade: 2 },
    { errorCode: 'unknown', errorMessage: '', attemptsMade: 0, arrivedAt: 0 },
  ]);
});

for (const line of ['{"broken', '{"errorCode":"x"}', 'null', '[]', '{"rawData":1}']) {
  test(`rejects ${line} by its number, not by its content`, async () => {
    await expect(read(failedLine('a'), line)).rejects.toThrow(
      'line 2 is no failed record as Firehose writes them',
    );
  });
}
