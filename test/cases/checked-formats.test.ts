/** Formats of which the check said what is not so. */

import { readFileSync } from 'node:fs';
import { formats } from '../../cli/formats/formats';
import type { FormatCheck } from '../../lambda/core/format/check/check';
import { recordedTerminal } from '../support/recorded-terminal';

async function check(name: string): Promise<FormatCheck & { exitCode: number }> {
  const printed: string[] = [];
  const terminal = { ...recordedTerminal(), print: (line = '') => void printed.push(line) };
  const file = `test/fixtures/cases/${name}.format.txt`;
  expect(readFileSync(file, 'utf8')).toContain('$context.');
  const exitCode = await formats(['--check', file, '--json'], terminal);
  return { ...JSON.parse(printed.join('\n')), exitCode };
}

const problemsOf = ({ findings }: FormatCheck) =>
  findings.filter(({ level }) => level === 'problem').map(({ text }) => text);

test('two variables side by side in a string are JSON', async () => {
  const checked = await check('06-check-two-variables-side-by-side-in-a-string');

  expect(checked).toMatchObject({
    notation: 'json',
    attribution: { customer: true, usagePlan: true },
    exitCode: 0,
  });
});

test.each(['07-check-integrationLatency', '07b-check-integrationError'])(
  'a name and a variable of one column mislead nobody (%s)',
  async (name) => {
    const checked = await check(name);

    expect(problemsOf(checked)).toEqual([]);
    expect(checked.exitCode).toBe(0);
  },
);

test('quotes around the whole format are a problem', async () => {
  const checked = await check('11-check-quotes-around-the-format');

  expect(problemsOf(checked)).toContainEqual(expect.stringContaining('quotes'));
  expect(checked.exitCode).toBe(1);
});

test('a | behind a variable is one, which HTTP APIs refuse', async () => {
  const checked = await check('12-check-pipe-behind-a-variable-http');

  expect(checked.findings).toContainEqual({
    level: expect.any(String),
    text: expect.stringMatching(/\|.*HTTP API/),
  });
});

test.each([
  ['13-check-routeKey-in-a-rest-format', ['apiKeyId', 'apiId', 'stage']],
  ['13b-check-waf-variable-in-a-rest-format', ['"apiKeyId":"$context.identity.apiKeyId"']],
])('no variable alone tells that an API is an HTTP API (%s)', async (name, additions) => {
  const checked = await check(name);

  const said = problemsOf(checked).join('\n');
  for (const addition of additions) expect(said).toContain(addition);
  expect(checked.findings.map(({ text }) => text).join('\n')).not.toContain('none of its requests');
  expect(checked.exitCode).toBe(1);
});
