import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { AccessLogsStack } from '../../../lib/app/access-logs-stack';
import { alarmIds, alarmSlug } from '../../../lib/observability/alarm-table';
import { DEFAULT_RUNBOOK_URL } from '../../../lib/props/runbook-url';
import { homepage } from '../../../package.json';
import { testApp } from '../../support/cdk-app';

const runbook = readFileSync(join(__dirname, '../../../docs/runbook.md'), 'utf8');
const blocks = [...runbook.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
const [setup = '', ...commands] = blocks;

function chapterOf(slug: string): string {
  const start = runbook.indexOf(`\n## ${slug}\n`);
  return runbook.slice(start, runbook.indexOf('\n## ', start + 1));
}

describe('the commands of the runbook', () => {
  for (const id of alarmIds) {
    test(`can be pasted in the chapter ${alarmSlug(id)}`, () => {
      expect(chapterOf(alarmSlug(id))).toMatch(/^```sh\n/m);
    });
  }

  test('take names from outputs that the stack has', () => {
    const stack = new AccessLogsStack(testApp(), 'Logs', { sharedCatalog: true, audit: true });
    const outputs = Object.keys(Template.fromStack(stack).findOutputs('*'));
    const used = [...blocks.join().matchAll(/\$\(output (\w+)/g)].map(([, name = '']) => name);

    expect(used.length).toBeGreaterThan(6);
    for (const name of used) expect(outputs).toContain(name);
  });

  test('use no name that is not set before', () => {
    const set = [...setup.matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name);
    const used = [...commands.join().matchAll(/\$\{?([A-Z_]+)/g)].map(([, name = '']) => name);

    expect([...new Set(used)].filter((name) => !set.includes(name))).toEqual([]);
  });
});

test('an alarm leads to an address that works in an e-mail, below the package’s homepage', () => {
  expect(DEFAULT_RUNBOOK_URL.startsWith(homepage.replace(/#.*/, ''))).toBe(true);
});
