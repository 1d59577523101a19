/**
 * Random lines through all framings and outputs, judged by what they were made from. What reads and writes
 * them lives as long as the run, so that names change between batches, as in a function that stays warm.
 * `FUZZ_RUNS` says how many lines, `FUZZ_SEED` which.
 */

import { gzipSync } from 'node:zlib';
import { Pass, type PassOptions } from '../../../../lambda/core/batch/batch-pass';
import { Catalog } from '../../../../lambda/core/catalog/catalog';
import { namesIn } from '../../../../lambda/core/format/configured-names';
import { lineReader } from '../../../../lambda/core/format/line-reader';
import { rendererFor } from '../../../../lambda/core/output/renderer-for';
import { type Output, outputs, readSettings } from '../../../../lambda/core/settings/settings';
import {
  type LineMaker,
  type Made,
  plans,
  type Random,
  setups,
} from '../../../support/campaign-lines';
import { base64, envelopeOf, textOf } from '../../../support/firehose';
import { fuzzRuns } from '../../../support/fuzz-runs';

const wantedLines = fuzzRuns(6_000);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

/** What a record is made of: bytes, and the lines that are in them. */
interface Group {
  readonly content: string | Buffer;
  readonly lines: readonly Made[];
}

describe('random lines', () => {
  test.each(outputs)(
    'in %s name their own customer, and are all there',
    (output) => {
      const random = randomFrom(seed);
      const { next, pick, chance } = random;
      const catalog = new Catalog(plans);
      const functions = setups.map((setup) => ({
        ...setup,
        options: optionsOf(output, setup.formats),
      }));
      let used = pick(functions);
      let makers: LineMaker[] = [];
      for (let done = 0; done < wantedLines / outputs.length; ) {
        // A few formats for a while, then others; now and then every line has its own.
        if (makers.length === 0 || chance(0.1)) {
          used = pick(functions);
          makers = Array.from({ length: pick([1, 2, 4, 40]) }, () => pick(used.makers)(random));
        }
        const lines = Array.from({ length: 1 + next(60) }, () => pick(makers)());
        const framing = pick(Object.keys(framings) as Framing[]);
        const groups = framings[framing](lines, random);
        const { results } = new Pass(
          groups.map(({ content }, index) => ({
            recordId: String(index),
            approximateArrivalTimestamp: 1_700_000_000_000,
            data: base64(content),
          })),
          catalog,
          used.options,
        );
        for (const [index, group] of groups.entries()) {
          const fault = faultOfRecord(output, group, results[index]);
          if (fault) throw new Error(`${fault} (${framing}, ${used.formats.join('\n')})`);
        }
        done += lines.length;
      }
    },
    36_000_000,
  );
});

function optionsOf(output: Output, formats: readonly string[]): PassOptions {
  const names = namesIn(formats);
  return {
    renderer: rendererFor({ ...readSettings({ OUTPUT: output }), logFormats: formats }, {}, names),
    readOther: lineReader(formats),
    names,
    maxInflatedBytes: 64 * 1024 * 1024,
  };
}

type Framing = keyof typeof framings;

/** A blank at the end of a line that is no JSON may belong to its last value. */
const lineEnd = ({ delivered }: Made, { pick }: Random) =>
  pick(delivered === undefined ? ['\n', '\r\n'] : ['\n', '\r\n', ' \n']);
const joined = (lines: readonly Made[], random: Random) =>
  lines.map((line) => line.text + lineEnd(line, random)).join('');
const textsOf = (lines: readonly Made[]) => lines.map(({ text }) => text);

function pairsOf(lines: readonly Made[]): Made[][] {
  return lines.flatMap((_, at) => (at % 2 > 0 ? [] : [lines.slice(at, at + 2)]));
}

const framings = {
  'a record each': (lines: readonly Made[], random: Random): Group[] =>
    lines.map((line) => ({
      content: line.text + random.pick(['', lineEnd(line, random)]),
      lines: [line],
    })),
  lines: (lines: readonly Made[], random: Random): Group[] => [
    { content: joined(lines, random), lines },
  ],
  'two lines a record': (lines: readonly Made[], random: Random): Group[] =>
    pairsOf(lines).map((pair) => ({ content: joined(pair, random), lines: pair })),
  'in a row': (lines: readonly Made[]): Group[] => {
    // Nothing tells where others end.
    const objects = lines.filter(({ delivered }) => delivered !== undefined);
    return objects.length === 0 ? [] : [{ content: textsOf(objects).join(''), lines: objects }];
  },
  gzip: (lines: readonly Made[], random: Random): Group[] => [
    { content: gzipSync(joined(lines, random)), lines },
  ],
  'members of gzip': (lines: readonly Made[]): Group[] => [
    { content: Buffer.concat(textsOf(lines).map((text) => gzipSync(`${text}\n`))), lines },
  ],
  envelope: (lines: readonly Made[]): Group[] => [
    { content: envelopeOf(...textsOf(lines)), lines },
  ],
  'envelopes in a row': (lines: readonly Made[], { pick }: Random): Group[] => {
    const control = gzipSync('{"messageType":"CONTROL_MESSAGE","owner":"1","logGroup":"g"}');
    const envelopes = pairsOf(lines).map((pair) => envelopeOf(...textsOf(pair)));
    return [{ content: Buffer.concat([...envelopes, ...pick([[control], []])]), lines }];
  },
};

function faultOfRecord(
  output: Output,
  { content, lines }: Group,
  result: Pass['results'][number] | undefined,
): string | undefined {
  if (result?.result === 'ProcessingFailed') {
    const mayFail = lines.every(({ fate }) => fate !== 'read');
    if (!mayFail) return `a record failed that has lines to read\n${textsOf(lines).join('\n')}`;
    return result.data === base64(content) ? undefined : 'a failed record has changed';
  }
  const delivered = textOf(result).split('\n').slice(0, -1);
  if (delivered.length !== lines.length) {
    return `${lines.length} lines, ${delivered.length} delivered\n${textsOf(lines).join('\n')}`;
  }
  for (const [index, made] of lines.entries()) {
    const line = delivered[index] as string;
    const fault = faultOf(output, made, line);
    if (fault) return `${fault}\n${made.text}\n${line}`;
  }
  return undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: documents of any shape are looked at.
type Document = any;

function faultOf(output: Output, made: Made, line: string): string | undefined {
  if (made.secret && line.includes(made.secret)) return 'a secret got out';
  const document: Document = JSON.parse(line);
  const unread: string | undefined =
    output === 'ecs'
      ? document.event?.kind === 'pipeline_error' && document.event.original
      : document.unparsed_line;
  if (typeof unread === 'string') {
    if (made.fate === 'read') return 'not read';
    const isWhole = made.secret !== '' || unread === made.text || unread.includes('****');
    return isWhole ? undefined : 'not as it came';
  }
  if (made.fate === 'refused') return 'read, though it is broken';
  if (output === 'verbatim' && made.delivered !== undefined) {
    const added = `"usage_plan":${JSON.stringify(made.plan)},"customer_name":${JSON.stringify(made.customer)}}`;
    const separator = /^\{\s*$/.test(made.delivered.slice(0, -1)) ? '' : ',';
    const expected = made.delivered.slice(0, -1) + separator + added;
    return line === expected ? undefined : `not as expected: ${expected}`;
  }
  const [plan, customer] =
    output === 'ecs'
      ? [document.aws?.api_gateway?.usage_plan?.name, document.organization?.name]
      : [document.usage_plan, document.customer_name];
  if ((plan ?? '-') !== made.plan) return `plan ${plan} instead of ${made.plan}`;
  if ((customer ?? '-') !== made.customer) return `customer ${customer} not ${made.customer}`;
  const extra = JSON.parse(String(columnIn(output, document, 'extra') ?? '{}'));
  for (const [name, value] of Object.entries(JSON.parse(made.others ?? '{}'))) {
    if (JSON.stringify(extra[name]) !== JSON.stringify(value)) return `${name} is not as it was`;
  }
  for (const [column, value] of Object.entries(made.columns ?? {})) {
    const read = columnIn(output, document, column) || '-';
    if (String(read) !== (value || '-')) return `${column} is ${read} instead of ${value}`;
  }
  return undefined;
}

/** Where a document of ECS has it. */
const ecsPaths: Readonly<Record<string, string>> = {
  status: 'http.response.status_code',
  user_agent: 'user_agent.original',
  resource_path: 'aws.api_gateway.resource.path',
  error_message: 'error.message',
  api_key_id: 'aws.api_gateway.api_key.id',
};

function columnIn(output: Output, document: Document, column: string): unknown {
  if (output !== 'ecs') return document[column];
  const path = ecsPaths[column] ?? `aws.api_gateway.${column}`;
  return path.split('.').reduce((value: Document, name) => value?.[name], document);
}

function randomFrom(from: number): Random {
  let state = from >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const next = (below: number) => Math.floor(fraction() * below);
  return {
    next,
    pick: <T>(all: readonly T[]) => all[next(all.length)] as T,
    chance: (share: number) => fraction() < share,
  };
}
