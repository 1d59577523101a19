/**
 * Runs the function as it is deployed on Firehose events: in one container, against an embedded
 * control plane or the account's own.
 */

import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import type { FirehoseTransformationEvent } from 'aws-lambda';
import { startControlPlane } from '../../emulator/control-plane';
import { controlPlaneClient } from '../../lambda/aws/control-plane-client';
import { firehoseEvent } from '../../lambda/core/batch/transform';
import {
  fieldNamePresets,
  outputs,
  readSettings,
  type Settings,
  settingsTable,
} from '../../lambda/core/settings/settings';
import { composeHandler } from '../../lambda/enrich/compose';
import { clientConfig } from '../aws/session';
import { command } from '../command';
import { nameOf, readJson, STANDARD_INPUT } from '../json-source';
import { SAMPLES } from '../samples';
import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';
import { adviceOn } from './event-kind';
import { bareReport, type InvokeReport, type Printed, readableReport } from './invoke-report';
import { readLines } from './lines-source';
import { readPlansFile } from './plans-file';
import { Recorder } from './recorder';

const SAMPLE_PLANS = 'usage-plans.json';

const printed: readonly Printed[] = ['lines', 'response'];

export const invoke = command({
  name: 'invoke',
  about: 'Runs the function on Firehose events, and shows what went in and what came out.',
  usage: ['[options]'],
  insteadOfPositional: 'a Firehose event goes to --event, lines of a log to --lines',
  options: {
    '': {
      event: {
        type: 'string',
        multiple: true,
        value: 'FILE',
        description: 'a Firehose event, - for standard input; without, every sample in events/',
      },
      lines: {
        type: 'string',
        multiple: true,
        value: 'FILE',
        description:
          'access-log lines as they are, - for standard input: text or gzip, a line a row, a ' +
          'CloudWatch Logs message, an answer of get-log-events, or an object of errors/',
      },
      plans: {
        type: 'string',
        value: 'FILE',
        description: 'usage plans for the embedded control plane; without, events/usage-plans.json',
      },
      output: {
        type: 'string',
        value: 'SHAPE',
        description: "the shape of the lines, instead of OUTPUT's",
        choices: outputs,
      },
      aws: {
        type: 'boolean',
        description: 'read the usage plans of your AWS account instead',
      },
      print: {
        type: 'string',
        value: 'WHAT',
        description: "nothing but the delivered lines, or the function's response to each event",
        choices: printed,
      },
      json: { type: 'boolean', description: 'the same as --print response' },
      verbose: {
        type: 'boolean',
        description: 'show each line as it went in and as it came out, on a terminal too',
      },
    },
  },
  examples: [
    { line: 'invoke --output canonical', does: 'the samples as flat, typed lines:' },
    {
      line: 'invoke --lines access.log.gz --plans plans.json --print lines',
      does: 'your own lines, enriched by your own plans:',
    },
  ],
  notes: [
    "The function's own settings (USAGE_PLAN_FIELD, API_KEY_VALUES, ...) are read from the " +
      'environment. On a terminal one sample is shown whole and of the others a row a line; piped, ' +
      'everything is. API key values are shown by --print only, and only where the settings ' +
      'deliver them.',
    'A plans file is {"usagePlans": [{"id", "name", "tags", "apiStages": [{"apiId", "stage"}], ' +
      '"keys": [{"id", "name", "customerId", "tags"}]}]}, or what `aws apigateway get-usage-plans` ' +
      'answers, with the keys of each plan added.',
  ],
  exitCodes: ['all records came back Ok or Dropped', 'not all did'],
  async run({ values }, terminal) {
    const { event: sources, lines, plans, output, aws = false, json, verbose } = values;
    const print = json ? 'response' : printedOf(values.print);
    if (aws && plans !== undefined) throw new UsageError('--aws and --plans exclude each other');
    const environment = {
      ...environmentOfPreset(process.env['FIELD_NAMES']),
      ...process.env,
      ...environmentOfOutput(output),
    };
    const settings = settingsOf(environment);
    const events = await readEvents({ sources, lines }, terminal);
    const account = aws ? await ownAccount() : await embeddedAccount(terminal, plans);
    if (aws) terminal.note('reading the usage plans of your AWS account …');
    const recorder = new Recorder();
    const report = print
      ? bareReport(terminal, print, settings)
      : readableReport({ terminal, settings, source: account.description, isVerbose: verbose });
    try {
      await invokeAll(events, { environment, client: account.client, recorder, report });
    } finally {
      await account.close();
    }
    report.end(recorder);
    return recorder.isAllDelivered ? 0 : 1;
  },
});

interface NamedEvent {
  readonly name: string;
  readonly event: FirehoseTransformationEvent;
}

/** Where the usage plans come from. */
interface Account {
  readonly description: string;
  readonly client: APIGatewayClient;
  close(): Promise<void>;
}

interface Run {
  readonly environment: NodeJS.ProcessEnv;
  readonly client: APIGatewayClient;
  readonly recorder: Recorder;
  readonly report: InvokeReport;
}

async function invokeAll(
  events: readonly NamedEvent[],
  { environment, client, recorder, report }: Run,
): Promise<void> {
  recorder.countCallsOf(client);
  const startedAt = performance.now();
  const end = new AbortController();
  const handler = composeHandler(environment, recorder, {
    controlPlane: client,
    end: end.signal,
    // A local run writes to no stream.
    reingest: async (_stream, pieces) => pieces.map(() => true),
  });
  for (const { name, event } of events) {
    try {
      report.invocation(name, event, await handler(event));
    } catch (error) {
      report.failure(name, error);
    }
  }
  recorder.durationMs = performance.now() - startedAt;
  // Usage plans that no line has asked for may still be on their way.
  end.abort();
}

async function sampleEvents(): Promise<string[]> {
  const names = await readdir(SAMPLES);
  return names
    .filter((name) => name.endsWith('.json') && name !== SAMPLE_PLANS)
    .sort()
    .map((name) => relative('', join(SAMPLES, name)));
}

interface Sources {
  /** Files of events. */
  readonly sources: readonly string[] | undefined;
  /** Files of lines. */
  readonly lines: readonly string[] | undefined;
}

/** All of them before the first is run: bad input shows before any output. */
async function readEvents({ sources, lines }: Sources, terminal: Terminal): Promise<NamedEvent[]> {
  const events: NamedEvent[] = [];
  for (const source of sources ?? (lines ? [] : await sampleEvents())) {
    invite(source, 'a Firehose event', terminal);
    events.push({ name: nameOf(source), event: await readEvent(source) });
  }
  for (const source of lines ?? []) {
    invite(source, 'access-log lines', terminal);
    const batches = await readLines(source);
    events.push(...batches.map((event) => ({ name: nameOf(source), event })));
  }
  return events;
}

function invite(source: string, what: string, terminal: Terminal): void {
  if (source === STANDARD_INPUT && process.stdin.isTTY) {
    terminal.note(`paste ${what}, then press Ctrl-D`);
  }
}

async function readEvent(source: string): Promise<FirehoseTransformationEvent> {
  const content = await readJson(source).catch((error: Error) => {
    const isRead = error.message.includes(' is not JSON: ');
    throw isRead
      ? new UsageError(`${error.message}; access-log lines as they are go to --lines`)
      : error;
  });
  try {
    return firehoseEvent(content);
  } catch (error) {
    throw new UsageError(`${nameOf(source)} is ${adviceOn(content) ?? (error as Error).message}`);
  }
}

async function embeddedAccount(terminal: Terminal, plansFile = samplePlans()): Promise<Account> {
  const state = await readPlansFile(plansFile, terminal);
  const { url, close } = await startControlPlane(state);
  const client = controlPlaneClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'embedded', secretAccessKey: 'embedded' },
  });
  return { description: plansFile, client, close };
}

function samplePlans(): string {
  return relative('', join(SAMPLES, SAMPLE_PLANS));
}

async function ownAccount(): Promise<Account> {
  const client = controlPlaneClient(clientConfig());
  // Without them every event would fail, for the same reason.
  await client.config.region();
  await client.config.credentials();
  return {
    description: 'your AWS account',
    client,
    close: async () => {},
  };
}

function printedOf(text: string | undefined): Printed | undefined {
  if (text === undefined || (printed as readonly string[]).includes(text)) {
    return text as Printed | undefined;
  }
  throw new UsageError(`--print: got "${text}", expected ${printed.join(' or ')}`);
}

function environmentOfOutput(output: string | undefined): NodeJS.ProcessEnv {
  if (output === undefined) return {};
  if (!(outputs as readonly string[]).includes(output)) {
    throw new UsageError(`--output: got "${output}", expected ${outputs.join(', ')}`);
  }
  return { [settingsTable.output.variable]: output };
}

/** What the deployment's key `fieldNames` sets for the function. */
function environmentOfPreset(name: string | undefined): NodeJS.ProcessEnv {
  if (!name) return {};
  if (!Object.hasOwn(fieldNamePresets, name)) {
    const names = Object.keys(fieldNamePresets).join(', ');
    throw new UsageError(`FIELD_NAMES: got "${name}", expected ${names}`);
  }
  const preset = fieldNamePresets[name as keyof typeof fieldNamePresets];
  return {
    [settingsTable.usagePlanField.variable]: preset.usagePlanField,
    [settingsTable.customerNameField.variable]: preset.customerNameField,
  };
}

function settingsOf(environment: NodeJS.ProcessEnv): Settings {
  try {
    return readSettings(environment);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
