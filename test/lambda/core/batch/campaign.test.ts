/**
 * Random lines through all framings and outputs, judged by what they were made from: this shares no code
 * with the reader. The renderers live as long as the run, so that names change between batches, as in a
 * function that stays warm. `FUZZ_RUNS` says how many lines, `FUZZ_SEED` which.
 */

import { gzipSync } from 'node:zlib';
import { Pass } from '../../../../lambda/core/batch/batch-pass';
import { Catalog } from '../../../../lambda/core/catalog/catalog';
import { rendererFor } from '../../../../lambda/core/output/renderer-for';
import { readSettings } from '../../../../lambda/core/settings/settings';

const wantedLines = Number(process.env['FUZZ_RUNS'] ?? 6_000);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

const apis = ['api1', 'api2', 'api3'];
const stages = ['prod', 'beta'];
const keyIds = Array.from({ length: 40 }, (_, index) => `key${index}`);
/** Of API and stage: one plan each, the last pair has none. */
const pairs = apis.flatMap((apiId) => stages.map((stage) => ({ apiId, stage })));
const plans = pairs.slice(0, -1).map((apiStage, index) => ({
  id: `p${index}`,
  name: `Plan "${index}" é`,
  apiStages: [apiStage],
  keys: keyIds.filter((_, key) => (key + index) % 3 > 0).map((id) => ({ id, name: `of ${id}` })),
}));

interface Made {
  readonly text: string;
  /** As `verbatim` delivers it, without what is appended. */
  readonly delivered: string;
  readonly plan: string;
  readonly customer: string;
  readonly secret: string;
}

type Member = readonly [name: string, value: () => string];

describe('random lines', () => {
  for (const output of ['verbatim', 'canonical', 'ecs'] as const) {
    test(`in ${output} name their own customer, and are all there`, () => {
      const { next, pick, chance } = random(seed);
      const catalog = new Catalog(plans);
      const renderer = rendererFor(readSettings({ OUTPUT: output }));
      let shapes = [shape()];
      for (let done = 0; done < wantedLines / 3; ) {
        // A few formats for a while, then others; now and then every line has its own.
        if (chance(0.1)) shapes = Array.from({ length: pick([1, 2, 4, 40]) }, shape);
        const lines = Array.from({ length: 1 + next(60) }, () => line(pick(shapes)));
        const framing = pick(Object.keys(framings) as Framing[]);
        const records = framings[framing](
          lines.map(({ text }) => text),
          pick(['\n', '\r\n', ' \n']),
        );
        const { results } = new Pass(
          records.map((content, index) => ({
            recordId: String(index),
            approximateArrivalTimestamp: 1_700_000_000_000,
            data: Buffer.from(content).toString('base64'),
          })),
          catalog,
          { renderer, readOther: () => undefined, maxInflatedBytes: 64 * 1024 * 1024 },
        );
        const text = results.map(({ data }) => Buffer.from(data ?? '', 'base64')).join('');
        const delivered = text.split('\n').slice(0, -1);
        if (delivered.length !== lines.length) {
          throw new Error(`${lines.length} lines (${framing}), ${delivered.length} delivered`);
        }
        for (const [index, made] of lines.entries()) {
          const fault = faultOf(output, made, delivered[index] as string);
          if (fault) {
            throw new Error(`${fault} (${framing})\n${made.text}\n${delivered[index]}`);
          }
        }
        done += lines.length;
      }

      /** Names of key, API and stage as formats spell them, among others. */
      function shape(): readonly Member[] {
        const others = Array.from({ length: next(12) }, (): Member => {
          return [`"${pick(['f', 'x-y', 'a b', 'n.', 'é', 'q\\"'])}${next(30)}"`, other];
        });
        const unique = [...new Map(others).entries()];
        const gap = pick(['', '', '', ' ', '\t']);
        const own: Member[] = [
          [
            pick(['"apiKeyId"', '"key_id"', '"identity.apiKeyId"', '"api_key_id"', 'nested']),
            keyId,
          ],
          [pick(['"apiId"', '"api_id"', '"api-id"', '"ApiId"']), () => `"${pick(apis)}"`],
          [pick(['"stage"', '"Stage"']), () => `"${pick(stages)}"`],
        ];
        if (chance(0.3))
          own.push([pick(['"api_key"', '"identity.apiKey"', '"x-api-key"']), secret]);
        const members = [...unique, ...own.filter(() => !chance(0.03))];
        for (let at = members.length - 1; at > 0; at--) {
          const to = next(at + 1);
          [members[at], members[to]] = [members[to] as Member, members[at] as Member];
        }
        return members.map(([name, value]) => [
          name === 'nested' ? name : `${gap}${name}${gap}:${gap}`,
          value,
        ]);
      }

      function keyId(): string {
        if (chance(0.06)) return pick(['"-"', '""', 'null']);
        return chance(0.06) ? `"unknown${next(99)}"` : `"${pick(keyIds)}"`;
      }

      function secret(): string {
        return `"${Array.from({ length: 24 }, () => pick([...'abcdefghjkmnpqrstuvwxyz'])).join('')}"`;
      }

      function other(): string {
        const scalars = ['null', 'true', 'false', '0', '-1.5', '1e3', '200', '"-"', '""'];
        const texts = [
          `"é${next(99)}"`,
          '"a\\"}{b"',
          '"\\\\"',
          '"\\u00e9\\n"',
          `"${next(99_999)}"`,
        ];
        const nested = ['{}', '[]', `[1,{"b":"}]"}]`, `{"c":{"d":[${next(9)},null]}}`];
        return pick(chance(0.5) ? texts : chance(0.8) ? scalars : nested);
      }

      function line(members: readonly Member[]): Made {
        let said: Record<string, string> = {};
        const tokens = members.map(([name, value]) => {
          const token = value();
          const nested = name === 'nested';
          const plainName = nested ? 'apikeyid' : name.toLowerCase().replace(/[^a-z]/g, '');
          said = { ...said, [plainName.replace('identity', '').replace(/^key/, 'apikey')]: token };
          return nested ? `"context":{"identity":{"a":1,"apiKeyId":${token}}}` : name + token;
        });
        const text = `{${tokens.join(',')}}`;
        const textOf = (name: string) => (JSON.parse(said[name] ?? 'null') as string | null) ?? '-';
        const secretText = textOf('apikey') === '-' ? textOf('xapikey') : textOf('apikey');
        const masked = `****${secretText.slice(-4)}`;
        const [key, apiId, stageName] = [textOf('apikeyid'), textOf('apiid'), textOf('stage')];
        const isOf = ({ keys }: (typeof plans)[number]) => keys.some(({ id }) => id === key);
        const plan = plans.find((one) => {
          const [apiStage] = one.apiStages;
          return isOf(one) && apiStage?.apiId === apiId && apiStage.stage === stageName;
        });
        return {
          text,
          delivered: secretText === '-' ? text : text.replace(secretText, masked),
          plan: plan?.name ?? '-',
          customer: plans.some(isOf) ? `of ${key}` : '-',
          secret: secretText === '-' ? '' : secretText.slice(0, -4),
        };
      }
    }, 3_600_000);
  }
});

type Framing = keyof typeof framings;

const framings = {
  'a record each': (lines: readonly string[], end: string): (string | Buffer)[] => {
    return lines.map((line) => (end === '\r\n' ? line : line + end));
  },
  lines: (lines: readonly string[], end: string) => [lines.join(end)],
  'two lines a record': (lines: readonly string[], end: string) => {
    return lines.flatMap((_, at) => (at % 2 > 0 ? [] : [lines.slice(at, at + 2).join(end)]));
  },
  'in a row': (lines: readonly string[]) => [lines.join('')],
  gzip: (lines: readonly string[], end: string) => [gzipSync(lines.join(end))],
  envelope: (lines: readonly string[]) => {
    const logEvents = lines.map((message, id) => ({ id: String(id), timestamp: 1, message }));
    const head = { messageType: 'DATA_MESSAGE', owner: '1', logGroup: 'g', logStream: 's' };
    return [gzipSync(JSON.stringify({ ...head, subscriptionFilters: ['f'], logEvents }))];
  },
};

function faultOf(output: string, made: Made, delivered: string): string | undefined {
  if (made.secret && delivered.includes(made.secret)) return 'a secret got out';
  const document = JSON.parse(delivered);
  if (output === 'verbatim') {
    const added = `"usage_plan":${JSON.stringify(made.plan)},"customer_name":${JSON.stringify(made.customer)}}`;
    const separator = made.delivered === '{}' ? '' : ',';
    const expected = made.delivered.slice(0, -1) + separator + added;
    return delivered === expected ? undefined : `not as expected: ${expected}`;
  }
  const [plan, customer] =
    output === 'canonical'
      ? [document.usage_plan ?? '-', document.customer_name ?? '-']
      : [document.aws?.api_gateway?.usage_plan?.name ?? '-', document.organization?.name ?? '-'];
  if (plan !== made.plan) return `plan ${plan} instead of ${made.plan}`;
  return customer === made.customer ? undefined : `customer ${customer} not ${made.customer}`;
}

function random(from: number) {
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
