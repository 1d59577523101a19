/** An API key's value is in no log, in no metric and on no terminal, whatever a record or an answer holds. */

import { fuzzRuns } from '../support/fuzz-runs';
import '../support/one-realm';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { invoke } from '../../cli/invoke/invoke';
import { query } from '../../cli/report/query';
import { report } from '../../cli/report/report';
import { outputs } from '../../lambda/core/settings/settings';
import { secretTreatments } from '../../lambda/core/values/secrets';
import { composeHandler } from '../../lambda/enrich/compose';
import { loggedTelemetry } from '../../lambda/enrich/logged-telemetry';
import { clientFor, startAccount } from '../support/account';
import { base64, envelopeOf, firehoseEvent } from '../support/firehose';
import { recordedTerminal } from '../support/recorded-terminal';
import { brokenSecretLine, expectNoSecret, SECRET, secretLine } from '../support/secret-lines';

const numRuns = fuzzRuns(40);

/** What a record may hold, some of it nothing that can be opened. */
const content: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.array(fc.oneof(secretLine, brokenSecretLine), { minLength: 1, maxLength: 4 }),
    fc.nat(6),
  )
  .map(([lines, kind]) => {
    const text = lines.join('\n');
    const whole = Buffer.from(text);
    return (
      [
        whole,
        Buffer.from(`{"stage":"prod"}\n${text}`),
        gzipSync(text),
        gzipSync(text).subarray(0, -3),
        envelopeOf(...lines),
        Buffer.from(
          `{"messageType":"DATA_MESSAGE","owner":"1","logEvents":[${JSON.stringify(text)}]}`,
        ),
        Buffer.concat([whole, Buffer.from([0xff])]),
      ][kind] ?? whole
    );
  });

/** Runs something, and gives whatever it has written to this process's streams. */
async function written(act: () => Promise<unknown>): Promise<string> {
  const chunks: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => chunks.push(String(chunk)) > 0),
  );
  try {
    await act();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return chunks.join('');
}

let folder: string;
const cacheHome = process.env['XDG_CACHE_HOME'];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
});
afterAll(() => {
  if (cacheHome === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = cacheHome;
  rmSync(folder, { recursive: true, force: true });
});

describe.each(outputs)('of a batch in the shape %s', (output) => {
  test.each(secretTreatments)('nothing is in the log or the metrics (%s)', async (treatment) => {
    const account = await startAccount();
    const end = new AbortController();
    const environment = { OUTPUT: output, API_KEY_VALUES: treatment };
    const handler = composeHandler(environment, loggedTelemetry('orders'), {
      controlPlane: account.client,
      reingest: async (_, pieces) => pieces.map(() => false),
      end: end.signal,
    });
    try {
      const log = await written(() =>
        fc.assert(
          fc.asyncProperty(fc.array(content, { minLength: 1, maxLength: 3 }), async (contents) => {
            const event = firehoseEvent('{"apiKeyId":"k1"}', ...contents);
            await handler(event);
            // What is no event of Firehose is not quoted, either.
            await handler({ ...event, records: contents.map(String) }).catch(() => {});
            await handler({ Records: [{ body: contents.map(String) }] }).catch(() => {});
          }),
          { numRuns },
        ),
      );

      expect(log).toContain('"LinesWithoutKey"');
      expect(log).toContain('batch failed');
      expectNoSecret(log);
    } finally {
      end.abort();
      await account.close();
    }
  });
});

test.each([
  ['breaks off', `{"item":[{"id":"p1","name":"x","value":"${SECRET}`],
  ['is no JSON', `<html>${SECRET}</html>`],
  ['has other types', `{"item":{"value":"${SECRET}"}}`],
])('an answer of the control plane that %s is not quoted in the log', async (_, answer) => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const client = clientFor(`http://127.0.0.1:${port}`);
  const end = new AbortController();
  try {
    const log = await written(async () => {
      const handler = composeHandler({}, loggedTelemetry('orders'), {
        controlPlane: client,
        end: end.signal,
      });
      await handler(firehoseEvent('{"apiKeyId":"k1"}')).catch(() => {});
    });

    expect(log).toContain('usage plans');
    expectNoSecret(log);
  } finally {
    end.abort();
    client.destroy();
    server.close();
  }
});

describe.each(outputs)('invoke, in the shape %s', (output) => {
  test.each(secretTreatments)('shows none on a terminal (%s)', async (treatment) => {
    const given = process.env['API_KEY_VALUES'];
    process.env['API_KEY_VALUES'] = treatment;
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.array(content, { minLength: 1, maxLength: 6 }),
          fc.constantFrom(undefined, 80),
          fc.constantFrom([], ['--verbose']),
          fc.constantFrom('--event', '--lines'),
          async (contents, columns, verbose, from) => {
            const file = join(folder, 'given');
            const damaged = base64(contents[0] as Buffer).slice(1);
            const event = firehoseEvent(...contents);
            const records = [...event.records, { ...event.records[0], data: damaged }];
            writeFileSync(
              file,
              from === '--event'
                ? JSON.stringify({ ...event, records })
                : Buffer.concat(contents.flatMap((one) => [one, Buffer.from('\n')])),
            );
            const terminal = recordedTerminal(columns);
            await invoke([from, file, '--output', output, ...verbose], terminal).catch((error) =>
              terminal.warn(String(error)),
            );

            const shown = [...terminal.printed, ...terminal.warned].join('\n');
            expectNoSecret(shown);
            for (const word of shown.match(/[A-Za-z0-9+/]{16,}={0,2}/g) ?? []) {
              expectNoSecret(Buffer.from(word, 'base64').toString('latin1'));
            }
          },
        ),
        { numRuns: Math.ceil(numRuns / 4) },
      );
    } finally {
      if (given === undefined) delete process.env['API_KEY_VALUES'];
      else process.env['API_KEY_VALUES'] = given;
    }
  });
});

test('report and query show none on a terminal, of logs that were delivered with it', async () => {
  const request = (index: number) => ({
    requestId: `r${index}`,
    requestTimeEpoch: String(Date.UTC(2026, 10, 20, 9, 0, index)),
    apiId: 'a1',
    stage: 'prod',
    apiKeyId: 'k1',
    status: index % 3 === 0 ? '403' : '200',
  });
  const lines = [
    ...fc.sample(secretLine, { numRuns: 200, seed: 7 }).map((json, index) => {
      const usual = JSON.stringify(request(index));
      return `${usual.slice(0, -1)},${json.slice(1)}`;
    }),
    ...fc.sample(brokenSecretLine, { numRuns: 50, seed: 7 }),
  ];
  const logs = join(folder, 'access.log');
  writeFileSync(logs, `${lines.join('\n')}\n`);

  for (const columns of [undefined, 80]) {
    const terminal = recordedTerminal(columns);
    await report([logs], terminal);
    await query(['select * from access', logs], terminal);
    await query(['select * from access', logs, '--json'], terminal);

    const shown = [...terminal.printed, ...terminal.warned].join('\n');
    expect(shown).toContain('r1');
    expectNoSecret(shown);
  }
});
