/** Puts what the pipeline could not process back into its stream. */

import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { REPLAYED_FOLDER } from '../../lambda/core/folders';
import { accountAndRegion } from '../aws/caller';
import { clientConfig } from '../aws/session';
import { command } from '../command';
import { findPipeline, type Pipeline, pipelineOptions } from '../pipeline-options';
import { counted } from '../terminal/counted';
import { onInterruption } from '../terminal/interruption';
import type { Progress } from '../terminal/progress';
import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';
import {
  type FailedObject,
  FailedObjects,
  keyBefore,
  LEFT_OUT_FOLDER,
  leftOutKey,
} from './failed-objects';
import type { FailedRecord } from './failed-records';
import { type RecordPutter, recordPutter } from './put-records';
import { jsonReplay, type ReplayReport, readableReplay } from './replay-report';
import { type SurveyedObject, survey } from './replay-survey';
import { parseSince } from './since';

const BYTES_PER_MIB = 1024 * 1024;

export const replay = command({
  name: 'replay',
  about: 'Finds what the pipeline could not process, says why, and puts it back into the stream.',
  usage: ['--stack NAME [options]'],
  options: {
    'The pipeline': pipelineOptions,
    'What failed': {
      prefix: {
        type: 'string',
        value: 'PREFIX',
        description: 'where to look',
        default: 'errors/processing-failed/',
      },
      since: {
        type: 'string',
        value: 'TIME',
        description:
          'only what Firehose gave up after this: 30m, 6h, 2d, 2026-11-20, 2026-11-20T08:00:00Z',
      },
      code: {
        type: 'string',
        multiple: true,
        value: 'CODE',
        description:
          'only records that failed with this, such as Lambda.FunctionError: others would fail again. ' +
          `Those of the same object are kept in ${LEFT_OUT_FOLDER}, to be replayed by --prefix`,
      },
      again: {
        type: 'boolean',
        description: 'also objects with records that were replayed before, and failed again',
      },
    },
    'The replay': {
      rate: {
        type: 'string',
        value: 'MIB',
        description:
          'MiB a second to put at most; a stream takes 1 to 5 MiB a second to begin with, and shares ' +
          'that with the access logs of right now',
        // Half of what it takes in most Regions: https://docs.aws.amazon.com/firehose/latest/dev/limits.html
        default: '0.5',
      },
      'dry-run': { type: 'boolean', description: 'say what failed, and put nothing back' },
      yes: { type: 'boolean', description: 'do not ask' },
      json: { type: 'boolean', description: 'print a line of JSON for each object' },
    },
  },
  examples: [
    { line: 'replay --stack access-logs --since 2d --dry-run', does: 'what failed, and why:' },
    {
      line: 'replay --stack access-logs --code Lambda.FunctionError',
      does: 'what failed for a while, without what cannot be read:',
    },
  ],
  notes: [
    'An object whose records the stream has all accepted is moved to replayed/; what has not ' +
      'gone through stays where it is. Ctrl-C ends after the object at hand; run again, it goes on ' +
      'from there. An object that was cut short, by a second Ctrl-C or by a failure, is replayed ' +
      'whole by the next run: lines can arrive twice, as they can from Firehose itself; ' +
      'extended_request_id tells them apart.',
    'A record that fails once more arrives under errors/ again. Such objects are left alone without ' +
      '--again, so that nothing goes round in circles.',
  ],
  exitCodes: ['everything was replayed', 'not everything'],
  async run({ values }, terminal) {
    const since = values.since ? parseSince(values.since, Date.now()) : undefined;
    const bytesPerSecond = rateOf(values.rate) * BYTES_PER_MIB;
    const prefix = prefixOf(values.prefix);
    const pipeline = await findPipeline(values);
    const failed = new FailedObjects(new S3Client(clientConfig(pipeline.region)), pipeline.bucket);

    const found = await findFailed(failed, { prefix, since, progress: terminal.progress });
    const report = values.json ? jsonReplay(terminal) : readableReplay(terminal, pipeline);
    report.found(found);
    const { ready, held } = sortOut(found.objects, { again: values.again, codes: values.code });
    for (const { surveyed, reason } of held) report.object(surveyed, 'left', reason);
    if (ready.length === 0 || values['dry-run']) {
      for (const surveyed of ready) report.object(surveyed, 'planned', leftOutOf(surveyed));
      report.end();
      return held.length === 0 && ready.every(({ leftOut }) => leftOut === 0) ? 0 : 1;
    }

    const records = ready.reduce((sum, surveyed) => sum + surveyed.records, 0);
    const where = await accountAndRegion(pipeline.streamArn);
    if (values.yes) terminal.note(where);
    const question = `Put ${counted(records, 'record')} back into ${pipeline.streamName}, ${where}?`;
    if (!values.yes && !(await terminal.confirm(question))) {
      terminal.warn('apigw-logs replay: nothing was replayed');
      return 1;
    }
    const put = putterFor(pipeline, bytesPerSecond);
    const { code: codes } = values;
    const isAllDone = await replayAll(ready, { failed, put, records, codes, report, terminal });
    report.end();
    const isWhole = held.length === 0 && ready.every(({ leftOut }) => leftOut === 0);
    return isAllDone && isWhole ? 0 : 1;
  },
});

async function findFailed(
  failed: FailedObjects,
  { prefix, since, progress }: { prefix: string; since: Date | undefined; progress: Progress },
) {
  progress.show('listing what failed');
  const listed = await failed.list(prefix, since && keyBefore(prefix, since));
  const isWanted = ({ key, modifiedAt }: FailedObject) =>
    (!key.startsWith(REPLAYED_FOLDER) || prefix.startsWith(LEFT_OUT_FOLDER)) &&
    (!since || modifiedAt >= since);
  const candidates = listed.filter(isWanted);
  const replayed = candidates.length > 0 ? await failed.list(REPLAYED_FOLDER) : [];
  return survey(failed, candidates, { replayed, progress });
}

interface Held {
  readonly surveyed: SurveyedObject;
  readonly reason: string;
}

interface Wanted {
  readonly again: boolean | undefined;
  /** Only these error codes; undefined: all. */
  readonly codes: readonly string[] | undefined;
}

/** An object of which only some records are replayed has as many of them, and leaves the others out. */
interface Ready extends SurveyedObject {
  readonly leftOut: number;
}

function sortOut(objects: readonly SurveyedObject[], { again, codes }: Wanted) {
  const ready: Ready[] = [];
  const held: Held[] = [];
  for (const surveyed of objects) {
    const { problem, failedAgain, isCopied } = surveyed;
    const all = surveyed.records;
    const named = codes?.reduce((sum, code) => sum + (surveyed.byCode.get(code) ?? 0), 0);
    const records = named === undefined || isCopied ? all : named;
    const leftOut = all - records;
    const repeats = `${counted(failedAgain, 'record')} failed again after a replay: expected --again`;
    const reason =
      problem ??
      (leftOut > 0 && records === 0
        ? `${counted(leftOut, 'record')} failed with another code`
        : undefined) ??
      (failedAgain > 0 && !again ? repeats : undefined);
    if (reason === undefined) ready.push({ ...surveyed, records, leftOut });
    else held.push({ surveyed, reason });
  }
  return { ready, held };
}

function putterFor({ streamArn, region }: Pipeline, bytesPerSecond: number): RecordPutter {
  return recordPutter({
    firehose: new FirehoseClient({ ...clientConfig(region), maxAttempts: 5 }),
    streamArn,
    bytesPerSecond,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
}

interface Going {
  readonly failed: FailedObjects;
  readonly put: RecordPutter;
  /** How many there are in all. */
  readonly records: number;
  /** Error codes of the records to replay; all where undefined. */
  readonly codes: readonly string[] | undefined;
  readonly report: ReplayReport;
  readonly terminal: Terminal;
}

async function replayAll(ready: readonly Ready[], going: Going): Promise<boolean> {
  const { failed, put, records, codes, report, terminal } = going;
  const { progress } = terminal;
  const interruption = onInterruption(() => {
    progress.clear();
    terminal.warn('apigw-logs replay: finishing the object at hand; Ctrl-C again ends at once');
  });
  let accepted = 0;
  let isStopped = false;
  for (const [index, surveyed] of ready.entries()) {
    if (isStopped || interruption.signal.aborted) {
      isStopped = true;
      report.object(surveyed, 'not reached');
      continue;
    }
    const show = (count: number) => {
      accepted += count;
      const share = `${accepted.toLocaleString('en-US')}/${counted(records, 'record')}`;
      progress.show(`putting back ${share}, ${index}/${counted(ready.length, 'object')}`);
    };
    show(0);
    try {
      await replayObject(failed, put, { surveyed, codes, onAccepted: show });
      progress.clear();
      report.object(surveyed, 'replayed', leftOutOf(surveyed));
    } catch (error) {
      progress.clear();
      report.object(surveyed, 'failed', (error as Error).message);
      // What one object met with, the others would meet with.
      isStopped = true;
    }
  }
  interruption.release();
  return !isStopped;
}

async function replayObject(
  failed: FailedObjects,
  put: RecordPutter,
  given: {
    surveyed: Ready;
    codes: readonly string[] | undefined;
    onAccepted: (records: number) => void;
  },
): Promise<void> {
  const { surveyed, codes, onAccepted } = given;
  const { object, isCopied, leftOut } = surveyed;
  // The copy is made when the stream has everything: all that is left is to remove the original.
  if (isCopied) return failed.deleteCopied(object);
  const isWanted = ({ errorCode }: FailedRecord) => codes?.includes(errorCode) ?? true;
  // First: the object goes once it is replayed, and they stand nowhere else to be found by.
  if (leftOut > 0) await failed.leaveOut(object, isWanted);
  await put(only(isWanted, failed.records(object)), onAccepted);
  await failed.moveToReplayed(object);
}

async function* only(
  isWanted: (record: FailedRecord) => boolean,
  records: AsyncIterable<FailedRecord>,
): AsyncGenerator<FailedRecord> {
  for await (const record of records) if (isWanted(record)) yield record;
}

function leftOutOf({ object, leftOut }: Ready): string | undefined {
  if (leftOut === 0) return undefined;
  return `${counted(leftOut, 'record')} with another code: ${leftOutKey(object.key)}`;
}

/** A shorter prefix would also match delivered logs, which are no failed records. */
function prefixOf(text: string): string {
  if (text === 'errors/' || !'errors/'.startsWith(text)) return text;
  throw new UsageError(`--prefix: got "${text}", expected errors/ or more`);
}

function rateOf(text: string): number {
  const rate = Number(text);
  if (rate >= 0.01 && rate <= 100) return rate;
  throw new UsageError(`--rate: got "${text}", expected MiB a second, from 0.01 to 100`);
}
