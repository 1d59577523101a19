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
import { type InvokeReport, jsonReport, readableReport } from './invoke-report';
import { readPlansFile } from './plans-file';
import { Recorder } from './recorder';

const SAMPLE_PLANS = 'usage-plans.json';

export const invoke = command({
  name: 'invoke',
  about: 'Runs the function on Firehose events, and shows what went in and what came out.',
  usage: ['[options]'],
  options: {
    '': {
      event: {
        type: 'string',
        multiple: true,
        value: 'FILE',
        description: 'a Firehose event, - for standard input; without, every sample in events/',
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
      json: {
        type: 'boolean',
        description: "print the function's response and nothing else, one line for each event",
      },
    },
  },
  examples: [{ line: 'invoke --output canonical', does: 'the samples as flat, typed lines:' }],
  notes: [
    "The function's own settings (USAGE_PLAN_FIELD, API_KEY_VALUES, ...) are read from the " +
      'environment. On a terminal long lines are shortened; piped, they are whole. API key values ' +
      'are never shown.',
  ],
  exitCodes: ['all records came back Ok or Dropped', 'not all did'],
  async run({ values }, terminal) {
    const { event: sources, plans, output, aws = false, json = false } = values;
    if (aws && plans !== undefined) throw new UsageError('--aws and --plans exclude each other');
    const environment = { ...process.env, ...environmentOfOutput(output) };
    const settings = settingsOf(environment);
    const events = await readEvents(sources ?? (await sampleEvents()), terminal);
    const account = aws ? await ownAccount() : await embeddedAccount(plans);
    if (aws) terminal.note('reading the usage plans of your AWS account …');
    const recorder = new Recorder();
    const report = json
      ? jsonReport(terminal)
      : readableReport({ terminal, settings, source: account.description });
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
    // A local run puts nothing into anybody's stream.
    putBack: async (_stream, pieces) => pieces.map(() => true),
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

async function readEvents(sources: readonly string[], terminal: Terminal): Promise<NamedEvent[]> {
  const events: NamedEvent[] = [];
  // All of them before the first is run: bad input shows before any output.
  for (const source of sources) {
    if (source === STANDARD_INPUT && process.stdin.isTTY) {
      terminal.note('paste a Firehose event, then press Ctrl-D');
    }
    events.push({ name: nameOf(source), event: await readEvent(source) });
  }
  return events;
}

async function readEvent(source: string): Promise<FirehoseTransformationEvent> {
  const content = await readJson(source);
  try {
    return firehoseEvent(content);
  } catch (error) {
    throw new UsageError(`${nameOf(source)} is ${(error as Error).message}`);
  }
}

async function embeddedAccount(plansFile = samplePlans()): Promise<Account> {
  const usagePlans = await readPlansFile(plansFile);
  const { url, close } = await startControlPlane({ usagePlans });
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

function environmentOfOutput(output: string | undefined): NodeJS.ProcessEnv {
  if (output === undefined) return {};
  if (!(outputs as readonly string[]).includes(output)) {
    throw new UsageError(`--output: got "${output}", expected ${outputs.join(', ')}`);
  }
  return { [settingsTable.output.variable]: output };
}

function settingsOf(environment: NodeJS.ProcessEnv): Settings {
  try {
    return readSettings(environment);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
