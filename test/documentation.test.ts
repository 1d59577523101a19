import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { metricNames } from '../lambda/core/metrics';
import { type Setting, settingsTable, wiredSettings } from '../lambda/core/settings/settings';
import { configKeys } from '../lib/app/pipeline-config';

const [configuration = '', runbook = ''] = ['configuration', 'runbook'].map((name) =>
  readFileSync(join(__dirname, '..', 'docs', `${name}.md`), 'utf8'),
);
const rows = new Map(
  [...configuration.matchAll(/^\| `(\w+)` \| `([^`]*)` \|/gm)].map(([, key = '', value]) => [
    key,
    value,
  ]),
);

describe('the documentation', () => {
  test('has a row for every configuration key, and no other', () => {
    expect([...rows.keys()].sort()).toEqual([...configKeys].sort());
  });

  for (const [key, setting] of Object.entries(settingsTable)) {
    if ((wiredSettings as readonly string[]).includes(key)) continue;
    const { defaultValue, write = String } = setting as Setting<unknown>;
    test(`gives ${key} its true default`, () => {
      expect(rows.get(key)).toBe(write(defaultValue));
    });
  }

  test('names every metric', () => {
    for (const name of Object.values(metricNames)) expect(runbook).toContain(`\`${name}\``);
  });
});

describe('links', () => {
  const root = join(__dirname, '..');
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));

  for (const page of ['README.md', ...docs.map((name) => join('docs', name))]) {
    test(`of ${page} lead to files that are there`, () => {
      const text = readFileSync(join(root, page), 'utf8');
      const links = Array.from(text.matchAll(/\]\(([^)#]+)[^)]*\)/g), ([, target = '']) => target);

      const missing = links
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => !existsSync(join(root, dirname(page), link)));

      expect(missing).toEqual([]);
    });
  }
});
