/** Whatever a record holds and however it is delivered, an API key's value does not get out. */

import fc from 'fast-check';
import { Pass, type PassOptions } from '../../../../lambda/core/batch/batch-pass';
import { Catalog } from '../../../../lambda/core/catalog/catalog';
import { namesIn } from '../../../../lambda/core/format/configured-names';
import { lineReader } from '../../../../lambda/core/format/line-reader';
import { rendererFor } from '../../../../lambda/core/output/renderer-for';
import { outputs, readSettings } from '../../../../lambda/core/settings/settings';
import { secretTreatments } from '../../../../lambda/core/values/secrets';
import { fuzzRuns } from '../../../support/fuzz-runs';
import {
  brokenSecretLine,
  expectNoSecret,
  SECRET,
  secretLine,
} from '../../../support/secret-lines';

const runs = fuzzRuns(600);

const configured = [
  '{"k":"$context.identity.apiKey","who":{"t":"$context.identity.apiKey"},"l":["$context.identity.apiKey"],"id":"$context.identity.apiKeyId"}',
];

const passes = new Map<string, readonly PassOptions[]>();

function passesOf({ output, treatment, logFormats = [] }: Setting): readonly PassOptions[] {
  const key = JSON.stringify([output, treatment, logFormats]);
  const known = passes.get(key);
  if (known) return known;
  const names = namesIn(logFormats);
  const settings = { ...readSettings({}), output, apiKeyValues: treatment, logFormats };
  const common = { readOther: lineReader(logFormats), names, maxInflatedBytes: 1 << 26 };
  const made = [true, false].map((preserveOriginalEvent) => ({
    ...common,
    renderer: rendererFor({ ...settings, preserveOriginalEvent }, {}, names),
  }));
  passes.set(key, made);
  return made;
}

function delivered(data: Buffer, how: Setting): string {
  const record = { recordId: '1', approximateArrivalTimestamp: 0, data: data.toString('base64') };
  const texts = passesOf(how).flatMap((options) => {
    // Twice: what is known of a line's names is used the second time.
    const { results } = new Pass([record, record], Catalog.empty, options);
    return results.flatMap(({ result, data: text = '' }) =>
      result === 'ProcessingFailed' ? [] : [Buffer.from(text, 'base64').toString()],
    );
  });
  // What is delivered as bytes counts as well.
  const bytes = texts.flatMap((text) =>
    Array.from(text.matchAll(/base64":"([^"]+)/g), ([, base64 = '']) =>
      Buffer.from(base64, 'base64').toString('latin1'),
    ),
  );
  return [...texts, ...bytes].join('\n');
}

interface Setting {
  readonly output: (typeof outputs)[number];
  readonly treatment: (typeof secretTreatments)[number];
  readonly logFormats?: readonly string[];
}

const setting = fc.record({
  output: fc.constantFrom(...outputs),
  treatment: fc.constantFrom(...secretTreatments.filter((it) => it !== 'keep')),
});

describe("an API key's value", () => {
  test('does not get out of a readable line, whatever it stands in', () => {
    fc.assert(
      fc.property(secretLine, setting, (json, options) => {
        expectNoSecret(delivered(Buffer.from(json), options));
      }),
      { numRuns: runs },
    );
  });

  test('does not get out of a line that nothing can read', () => {
    const bytes = fc.constantFrom('', '\xff');
    fc.assert(
      fc.property(brokenSecretLine, bytes, setting, (json, odd, options) => {
        // Beside a line that can be read, so that the record does not fail.
        const record = Buffer.from(`{"stage":"prod"}\n${odd}${json}\n`, 'latin1');
        expectNoSecret(delivered(record, options));
      }),
      { numRuns: runs },
    );
  });

  test('does not get out under a name that a configured format gives it', () => {
    const lines = [
      { k: SECRET, who: { t: SECRET }, l: [SECRET], id: 'k1' },
      { k: [SECRET], who: { t: { u: SECRET } }, l: SECRET },
      { k: SECRET, a: 1 },
      { a: { who: 1 }, who: { t: SECRET, n: 1 } },
    ].flatMap((line) => {
      const json = JSON.stringify(line);
      return [json, `${json.slice(0, -1)},"ua":"x"y"}`, `{"stage":"prod"}\n${json.slice(0, -1)}`];
    });
    for (const line of lines) {
      for (const output of outputs) {
        for (const treatment of ['mask', 'hash', 'remove'] as const) {
          expectNoSecret(
            delivered(Buffer.from(line), { output, treatment, logFormats: configured }),
          );
        }
      }
    }
  });

  test('does not get out of lines of a format without names, read or not', () => {
    const logFormats = [
      '$context.requestId $context.identity.apiKey "$context.identity.userAgent"',
    ];
    for (const line of [`r1 ${SECRET} "x"`, `r1 ${SECRET} "x" "y`, `r1 - ${SECRET}`]) {
      for (const output of outputs) {
        const record = Buffer.from(`{"stage":"prod"}\n${line}`);
        expectNoSecret(delivered(record, { output, treatment: 'mask', logFormats }));
      }
    }
  });

  test('leaves its last four characters where it is masked', () => {
    for (const output of outputs) {
      const text = delivered(Buffer.from(JSON.stringify({ 'X-Api-Key': SECRET })), {
        output,
        treatment: 'mask',
      });
      expect(text).toContain('****wxyz');
    }
  });
});
