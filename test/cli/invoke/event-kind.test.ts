import { adviceOn } from '../../../cli/invoke/event-kind';

const events: [content: unknown, advice: RegExp][] = [
  [{ Records: [{ eventSource: 'aws:sqs', body: '' }] }, /^an SQS event: .*--lines/],
  [{ Records: [{ EventSource: 'aws:sns', Sns: {} }] }, /^an SNS event: .*--lines/],
  [{ Records: [{ eventSource: 'aws:kinesis' }] }, /^a Kinesis Data Streams event: .*--lines/],
  [{ Records: [{ eventSource: 'aws:s3' }] }, /^an S3 event, .*get the object.*--lines/],
  [{ 'detail-type': 'x', detail: {} }, /^an EventBridge event/],
  [{ requestContext: {}, httpMethod: 'GET' }, /^a request that API Gateway .*--lines/],
  [{ version: '2.0', routeKey: '$default', requestContext: {} }, /^a request that API Gateway/],
  [{ type: 'TOKEN', methodArn: 'arn' }, /^a request that API Gateway/],
  [{ messageType: 'DATA_MESSAGE', logEvents: [] }, /^a CloudWatch Logs envelope: .*--lines/],
  [{ awslogs: { data: '' } }, /^a CloudWatch Logs envelope: .*--lines/],
  [{ events: [{ message: '' }] }, /^an answer of get-log-events: .*--lines/],
  [{ rawData: '', errorCode: 'x' }, /^a failed record .*--lines/],
  [[{}, {}], /^a list of 2: .*--lines/],
  [{ records: [{ recordId: '1' }] }, /^a Firehose event: give it to --event/],
];

for (const [content, advice] of events) {
  test(`says what to do with ${JSON.stringify(content)}`, () => {
    expect(adviceOn(content)).toMatch(advice);
  });
}

test.each([[{}], [null], ['text'], [7], [{ Records: [] }], [{ records: [] }]])(
  'knows nothing of %j',
  (content) => {
    expect(adviceOn(content)).toBeUndefined();
  },
);
