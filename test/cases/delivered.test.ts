/** Records that were read wrongly, lost, or gave a secret away, and what becomes of each. */

import { readFileSync } from 'node:fs';
import type { FirehoseTransformationResult } from 'aws-lambda';
import { invoke } from '../../cli/invoke/invoke';
import { type Output, outputs } from '../../lambda/core/settings/settings';
import { textOf } from '../support/firehose';
import { recordedTerminal } from '../support/recorded-terminal';

const folder = 'test/fixtures/cases';
const SECRET = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789wxyz';

// biome-ignore lint/suspicious/noExplicitAny: members of any depth are looked at.
type Line = any;

interface Delivered {
  readonly exitCode: number;
  readonly results: readonly string[];
  readonly lines: readonly (readonly Line[])[];
  readonly folders: readonly unknown[];
  /** All that was printed. */
  readonly printed: string;
}

interface Given {
  readonly output?: Output;
  readonly environment?: Readonly<Record<string, string>>;
  readonly plans?: string;
}

async function deliver(name: string, given: Given = {}): Promise<Delivered> {
  const { output = 'verbatim', environment = {}, plans = 'plans.json' } = given;
  Object.assign(process.env, environment);
  const printed: string[] = [];
  const terminal = { ...recordedTerminal(), print: (line = '') => void printed.push(line) };
  try {
    const args = ['--event', `${folder}/${name}.json`, '--plans', `${folder}/${plans}`];
    const exitCode = await invoke([...args, '--output', output, '--json'], terminal);
    const { records }: FirehoseTransformationResult = JSON.parse(printed[0] ?? '');
    return {
      exitCode,
      results: records.map(({ result }) => result),
      lines: records.map((record) => (record.result === 'Ok' ? linesOf(textOf(record)) : [])),
      folders: records.map(({ metadata }) => metadata?.partitionKeys),
      printed: printed.join('\n') + records.map(textOf).join('\n'),
    };
  } finally {
    for (const name of Object.keys(environment)) delete process.env[name];
  }
}

function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Its lines, one a record. */
async function firstLines(name: string, given?: Given): Promise<Line[]> {
  return (await deliver(name, given)).lines.map(([line]) => line);
}

describe('what AWS writes into a log group itself', () => {
  test.each(outputs)('is no line (%s)', async (output) => {
    const { results, exitCode } = await deliver('01-log-delivery-validation-event', { output });

    expect({ results, exitCode }).toEqual({ results: ['Dropped'], exitCode: 0 });
  });
});

describe.each(outputs)('an API key’s value (%s)', (output) => {
  const treatments = ['mask', 'hash', 'remove'] as const;
  const twoPlans = { output, plans: 'two-plans.json' };

  test.each(treatments)('under its dotted name does not get out: %s', async (treatment) => {
    const environment = { API_KEY_VALUES: treatment };
    const { printed, results } = await deliver('02-secret-under-its-dotted-name', {
      output,
      environment,
    });

    expect(results).toEqual(['Ok']);
    expect(printed).not.toContain(SECRET.slice(0, -4));
    expect(printed.includes('****wxyz')).toBe(treatment === 'mask');
    expect(printed).toContain('k3yac4me01');
  });

  test.each(treatments)('under a header’s spellings does not get out: %s', async (treatment) => {
    const environment = { API_KEY_VALUES: treatment };
    const { printed, results } = await deliver('core-02-header-spelling', {
      ...twoPlans,
      environment,
    });

    expect(results).toEqual(['Ok', 'Ok', 'Ok', 'Ok']);
    expect(printed).not.toContain(SECRET.slice(0, -4));
  });

  test.each(treatments)('in lists and unreadable lines does not get out: %s', async (treatment) => {
    const environment = { API_KEY_VALUES: treatment };
    const { printed, results } = await deliver('core-03-unparsed-secret-list', {
      ...twoPlans,
      environment,
    });

    expect(results).toEqual(['Ok', 'Ok', 'Ok']);
    expect(printed).not.toContain(SECRET.slice(0, -4));
    const inBase64 = Array.from(printed.matchAll(/"unparsed_line_base64":"([^"]*)"/g));
    for (const [, text = ''] of inBase64) {
      expect(Buffer.from(text, 'base64').toString()).not.toContain(SECRET.slice(0, -4));
    }
  });

  test('under the name that a configured format gives it is masked, and the id attributed', async () => {
    const format =
      '{"k":"$context.identity.apiKey","id":"$context.identity.apiKeyId","apiId":"$context.apiId",' +
      '"stage":"$context.stage","ua":"$context.identity.userAgent"}';
    const { printed, lines } = await deliver('core-16-named-by-the-format', {
      ...twoPlans,
      environment: { LOG_FORMATS: JSON.stringify([format]) },
    });

    expect(printed).not.toContain(SECRET.slice(0, -4));
    expect(JSON.stringify(lines)).toContain('****wxyz');
    expect(JSON.stringify(lines)).toContain('"Acme"');
    expect(JSON.stringify(lines)).toContain('"Gold"');
  });

  test('in an envelope behind a line is as masked as in one before it', async () => {
    const { printed, results, lines } = await deliver('core-07-envelope-behind-a-line', twoPlans);

    expect(printed).not.toContain(SECRET.slice(0, -4));
    const [behind, before] = results.map((result, index) =>
      result === 'Ok' ? JSON.stringify(lines[index]) : result,
    );
    for (const one of [behind, before]) {
      if (one === 'ProcessingFailed') continue;
      expect(one).toContain('"Globex"');
      expect(one).not.toContain('DATA_MESSAGE');
    }
  });

  test('of an object over several lines is masked, and the object whole', async () => {
    const { printed, results, lines } = await deliver('core-09-object-over-lines-torn', twoPlans);

    expect(results).toEqual(['Ok', 'Ok', 'Ok', 'Ok', 'Ok']);
    expect(printed).not.toContain(SECRET.slice(0, -4));
    expect(lines.map((record) => record.length)).toEqual([2, 2, 3, 3, 2]);
    for (const record of lines.slice(0, 4)) {
      const whole = record.find((line) => JSON.stringify(line).includes('"r2"'));
      expect(JSON.stringify(whole)).toContain('"Acme"');
      expect(JSON.stringify(whole)).toContain('****wxyz');
    }
  });
});

describe('names', () => {
  test.each(outputs)('the key’s id under its dotted name is attributed (%s)', async (output) => {
    const [line] = await firstLines('03-key-id-under-its-dotted-name', { output });

    expect(JSON.stringify(line)).toContain('"Gold"');
    expect(JSON.stringify(line)).toContain('"Acme GmbH"');
    if (output !== 'canonical') return;
    expect(line).toMatchObject({ api_key_id: 'k3yac4me01', usage_plan: 'Gold' });
    expect(line.extra).toBeUndefined();
  });

  test('an error text behind the request id is no extended request id', async () => {
    const name = '04-clf-with-error-read-as-request-id';
    const { results, lines } = await deliver(name, { output: 'canonical' });

    // A single word may be anything: the line is refused until its format is configured.
    expect({ results, lines }).toEqual({ results: ['ProcessingFailed'], lines: [[]] });
    const format =
      '$context.identity.sourceIp - - [$context.requestTime] ' +
      '"$context.httpMethod $context.routeKey $context.protocol" $context.status ' +
      '$context.responseLength $context.requestId $context.integrationErrorMessage';
    const environment = { LOG_FORMATS: JSON.stringify([format]) };
    const [line] = await firstLines(name, { output: 'canonical', environment });
    expect(line.integration_error).toBe('owned-backend-failure');
    expect(line.extended_request_id ?? null).toBeNull();
  });

  test('the configured format says what integrationStatus is', async () => {
    const name = '05-integrationStatus-of-the-configured-format';
    const format = readFileSync(`${folder}/${name}.format.txt`, 'utf8');
    const environment = { LOG_FORMATS: JSON.stringify([format]) };
    const [line] = await firstLines(name, { output: 'canonical', environment });

    expect(line.integration_service_status).toBe(200);
    expect(line.integration_status ?? null).toBeNull();
  });

  test('the Terraform module’s nested format fills the columns', async () => {
    const name = '08-nested-default-of-the-terraform-module';
    const [line] = await firstLines(name, { output: 'canonical' });

    expect(line).toMatchObject({
      status: 503,
      route_key: 'GET /pets',
      source_ip: '192.0.2.50',
      protocol: 'HTTP/1.1',
      response_length: 131,
      domain_name: 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
      stage: '$default',
      request_id: 'EP5p3HZtIAMErBw=',
      integration_service_status: 200,
    });
    expect(new Date(line.request_time)).toEqual(new Date('2026-09-25T09:19:32Z'));
    const [document] = await firstLines(name, { output: 'ecs' });
    expect(document.http.response.status_code).toBe(503);
    expect(document.source.ip).toBe('192.0.2.50');
    expect(document.event.outcome).toBe('failure');
    expect(new Date(document['@timestamp'])).toEqual(new Date('2026-09-25T09:19:32Z'));
  });

  test.each(outputs)('a refused request’s bare dash is no value (%s)', async (output) => {
    const { results, exitCode, lines } = await deliver('09-bare-dash-of-a-refused-request', {
      output,
    });

    expect({ results, exitCode }).toEqual({ results: ['Ok'], exitCode: 0 });
    if (output !== 'canonical') return;
    expect(lines[0]?.[0]).toMatchObject({ status: 403, route_key: 'GET /pets' });
    expect(lines[0]?.[0].integration_status ?? null).toBeNull();
  });

  test('a route key that is a resource path hides no REST API', async () => {
    const name = '10-api-type-with-a-resource-path-as-route';
    const [line] = await firstLines(name, { output: 'canonical' });

    expect(line.api_type).toBe('REST');
  });
});

describe.each(outputs)('a record (%s)', (output) => {
  const given = { output, plans: 'two-plans.json' };

  test.each(['customer', 'plan', 'api'])(
    'with a line that cannot be read is in nobody’s folder (%s)',
    async (partitionBy) => {
      const environment = { PARTITION_BY: partitionBy };
      const { results, folders } = await deliver('core-01-unparsed-in-anothers-folder', {
        ...given,
        environment,
      });

      expect(results).toEqual(['Ok']);
      expect(JSON.stringify(folders)).toContain('"mixed"');
    },
  );

  test('of 9 MiB of letters behind a secret’s name hurts no neighbour', async () => {
    const { results, lines } = await deliver('core-04-regex-stack', given);

    expect(results).toEqual(['ProcessingFailed', 'Ok']);
    expect(JSON.stringify(lines[1])).toContain('"Acme"');
  });

  test('with a column’s name again and again behind a large object is delivered', async () => {
    const { results, lines, printed } = await deliver('core-05-quadratic', given);

    expect(results).toEqual(['Ok']);
    expect(lines[0]).toHaveLength(1);
    // Of the contradicting values none is lost.
    expect(printed).toContain('n42');
  });

  test('of two million objects hurts no neighbour', async () => {
    const { results, lines } = await deliver('core-06-bomb-of-tiny-objects', given);

    expect(results[1]).toBe('Ok');
    expect(JSON.stringify(lines[1])).toContain('"Acme"');
  });

  test('with a line that a client has forged still has every character of it', async () => {
    const { results, lines } = await deliver('core-12-forged-line', given);

    expect(results).toEqual(['Ok']);
    expect(lines[0]?.length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).toContain('"Acme"');
  });
});

describe('typed outputs', () => {
  test.each(['canonical', 'ecs'] as const)(
    'never hold half a surrogate pair (%s)',
    async (output) => {
      const { printed, lines } = await deliver('output-1-lone-surrogate', { output });

      expect(printed).not.toMatch(/\\ud[89a-f]/i);
      for (const line of lines.flat()) expect(JSON.stringify(line)).not.toMatch(/\\ud[89a-f]/i);
      expect(lines.flat()).toHaveLength(2);
    },
  );

  test('name the version of TLS as ECS does', async () => {
    const [line] = await firstLines('output-2-tls-version', { output: 'ecs' });

    expect(line.tls).toMatchObject({ version: '1.2', version_protocol: 'tls' });
  });

  test('take appended names that ECS has for other things as labels', async () => {
    const environment = {
      EXTRA_FIELDS: 'exports={plan.id},location={key.name},client_ip={key.name}',
    };
    const [line] = await firstLines('output-3-labels-mapping', { output: 'ecs', environment });

    expect(line.labels).toMatchObject({
      exports: 'gold01',
      location: 'Acme GmbH',
      client_ip: 'Acme GmbH',
    });
  });

  test.each(outputs)('refuse a name that differs only in case (%s)', async (output) => {
    const environment = { USAGE_PLAN_FIELD: 'RequestID' };

    await expect(deliver('output-5-name-in-another-case', { output, environment })).rejects.toThrow(
      'RequestID',
    );
  });

  test('give the time of a connection as an instant', async () => {
    const [line] = await firstLines('output-6-connected-at', { output: 'ecs' });

    const { connected_at: connectedAt } = line.aws.api_gateway.connection;
    expect(new Date(connectedAt)).toEqual(new Date(1686315240000));
  });

  test('give a destination its address', async () => {
    const [line] = await firstLines('output-7-destination-address', { output: 'ecs' });

    expect(line.destination).toMatchObject({ address: 'x.example.com', domain: 'x.example.com' });
  });
});
