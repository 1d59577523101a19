/** Recognizes what people have at hand instead of a Firehose event, to explain what to do with it. */

import { objectOf } from '../../lambda/core/json';

interface Kind {
  readonly name: string;
  /** What to do with it. */
  readonly advice: string;
  isIt(content: Record<string, unknown>): boolean;
}

const LINES = 'give it to --lines';

const kinds: readonly Kind[] = [
  {
    name: 'a Firehose event',
    advice: 'give it to --event',
    isIt: ({ records }) => Array.isArray(records) && 'recordId' in objectOf(records[0]),
  },
  {
    name: 'an SQS event',
    advice: 'put the lines in its bodies into a file, and give that to --lines',
    isIt: (content) => sourceOf(content) === 'aws:sqs',
  },
  {
    name: 'an SNS event',
    advice: 'put the lines in its messages into a file, and give that to --lines',
    isIt: (content) => sourceOf(content) === 'aws:sns',
  },
  {
    name: 'a Kinesis Data Streams event',
    advice: 'decode its data into a file of lines, and give that to --lines',
    isIt: (content) => sourceOf(content) === 'aws:kinesis',
  },
  {
    name: 'an S3 event, which holds no lines',
    advice: 'get the object that it names, and give that to --lines',
    isIt: (content) => sourceOf(content) === 'aws:s3',
  },
  {
    name: 'an EventBridge event, which holds no lines',
    advice: 'expected a Firehose event, or lines for --lines',
    isIt: (content) => 'detail-type' in content && 'detail' in content,
  },
  {
    name: 'a request that API Gateway hands to a function, not its access log',
    advice: "give the lines of the stage's access log to --lines",
    isIt: (content) => 'requestContext' in content || 'methodArn' in content,
  },
  {
    name: 'a CloudWatch Logs envelope',
    advice: LINES,
    isIt: (content) => ('messageType' in content && 'logEvents' in content) || 'awslogs' in content,
  },
  {
    name: 'an answer of get-log-events',
    advice: LINES,
    isIt: ({ events }) => Array.isArray(events) && 'message' in objectOf(events[0]),
  },
  {
    name: 'a failed record as Firehose keeps it',
    advice: LINES,
    isIt: (content) => 'rawData' in content && 'errorCode' in content,
  },
];

/** Such as `an SQS event: put …`; undefined where nothing is recognized. */
export function adviceOn(content: unknown): string | undefined {
  if (Array.isArray(content)) return `a list of ${content.length}: if those are lines, ${LINES}`;
  const kind = kinds.find(({ isIt }) => isIt(objectOf(content)));
  return kind && `${kind.name}: ${kind.advice}`;
}

function sourceOf({ Records }: Record<string, unknown>): unknown {
  const first = objectOf(Array.isArray(Records) ? Records[0] : undefined);
  return first['eventSource'] ?? first['EventSource'];
}
