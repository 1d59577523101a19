import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { metricNames } from '../lambda/core/metrics';
import {
  type ConfigurableSettings,
  type Setting,
  settingsTable,
  wiredSettings,
} from '../lambda/core/settings/settings';
import { documentationOf } from '../lambda/core/settings/settings-documentation';
import { configKeys } from '../lib/app/pipeline-config';

const [configuration = '', runbook = ''] = ['configuration', 'runbook'].map((name) =>
  readFileSync(join(__dirname, '..', 'docs', `${name}.md`), 'utf8'),
);
const sourceFolders = ['analytics', 'bin', 'cli', 'emulator', 'lambda', 'lib'];
const rows = new Map(
  [...configuration.matchAll(/^\| `(\w+)` \| `([^`]*)` \| (.*) \|$/gm)].map(
    ([, key = '', value, allowed]) => [key, { value, allowed }],
  ),
);
const settingsSource = readFileSync(join(__dirname, '../lambda/core/settings/settings.ts'), 'utf8');

describe('the documentation', () => {
  test('has a row for every configuration key, and no other', () => {
    expect([...rows.keys()].sort()).toEqual([...configKeys].sort());
  });

  for (const [key, setting] of Object.entries(settingsTable)) {
    if ((wiredSettings as readonly string[]).includes(key)) continue;
    const { defaultValue, bounds, write = String } = setting as Setting<unknown>;
    test(`gives ${key} its true default, and what is allowed`, () => {
      const allowed = documentationOf(key as keyof ConfigurableSettings);
      expect(rows.get(key)).toEqual({ value: write(defaultValue), allowed });
    });

    test(`gives ${key} the same default and bounds in its docstring`, () => {
      const [, docstring = ''] =
        new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s+readonly ${key}:`).exec(settingsSource) ?? [];
      const text = write(defaultValue);

      expect(docstring).toMatch(
        typeof defaultValue === 'string' ? `@default '${text}'` : `@default ${text}`,
      );
      if (bounds) expect(docstring).toContain(`Minimum: ${bounds.min}. Maximum: ${bounds.max}.`);
    });
  }

  test('names every metric', () => {
    for (const name of Object.values(metricNames)) expect(runbook).toContain(`\`${name}\``);
  });
});

const root = join(__dirname, '..');

describe('docs/architecture.md', () => {
  const architecture = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');

  for (const house of ['.', 'analytics', 'cli', 'lambda', 'lambda/core', 'lib']) {
    test(`shows each room of ${house}`, () => {
      const rooms = readdirSync(join(root, house), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => (house === '.' ? name : `${house}/${name}`))
        .filter((room) => house !== '.' || sourceFolders.includes(room));

      const missing = rooms.filter((room) => !architecture.includes(`](../${room})`));

      expect(rooms.length).toBeGreaterThan(0);
      expect(missing).toEqual([]);
    });
  }
});

describe('links', () => {
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));

  for (const page of [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...docs.map((name) => join('docs', name)),
  ]) {
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
