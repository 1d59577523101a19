import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deliveredColumns } from '../../../cli/schema/delivered-columns';
import { schema } from '../../../cli/schema/schema';
import { canonicalRenderer } from '../../../lambda/core/output/canonical';
import { ecsRenderer } from '../../../lambda/core/output/ecs';
import { readSettings } from '../../../lambda/core/settings/settings';
import { lineOf } from '../../support/log-lines';
import { recordedTerminal } from '../../support/recorded-terminal';

const page = readFileSync(join(__dirname, '../../../docs/schema.md'), 'utf8');

/** A row of the page; a renamed column fails here, for whoever has queries that name it. */
const rowOf = ({ name, type, description, names, ecsPaths }: (typeof deliveredColumns)[number]) =>
  `| \`${name}\` | ${type} | ${description} | ${listed(names.filter((it) => it !== name))} | ${listed(ecsPaths)} |`;
const listed = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join(' ');

test('docs/schema.md has these columns, in this order, and no other', () => {
  expect(page.match(/^\| `.*$/gm)).toEqual(deliveredColumns.map(rowOf));
});

const attribution = {
  usagePlan: 'Gold',
  usagePlanId: 'p1',
  customerName: 'ACME',
  outcome: 'enriched',
} as const;
const samples: Readonly<Record<string, string>> = {
  requestTime: '09/Jun/2023:10:11:12 +0000',
  protocol: 'HTTP/1.1',
  tlsVersion: 'TLSv1.2',
};
const line = lineOf(
  Object.fromEntries([
    ...deliveredColumns.flatMap(({ variables, name, type }) =>
      variables.length === 0 ? [] : [[name, samples[variables[0] as string] ?? sampleOf(type)]],
    ),
    ['no-such-field', 'x'],
  ]),
);

function sampleOf(type: string): string {
  if (type === 'timestamp') return 'Aug  5 09:36:04 2021 GMT';
  return type === 'bigint' ? '1686305472' : 'x-y';
}

test('a canonical line with everything in it has these columns, in this order', () => {
  const settings = readSettings({ OUTPUT: 'canonical' });
  const { line: write, unparsed } = canonicalRenderer(settings);

  const names = [
    ...Object.keys(JSON.parse(write(line, attribution))),
    ...Object.keys(JSON.parse(unparsed('x', Buffer.from('x')))),
  ];

  expect(names).toEqual(deliveredColumns.map(({ name }) => name));
});

test('a document of ECS has a value at each of the paths', () => {
  const renderer = ecsRenderer(readSettings({ OUTPUT: 'ecs' }));
  const documents = [
    renderer.line(line, attribution),
    renderer.unparsed('x', Buffer.from('x')),
  ].map((text) => JSON.parse(text));

  for (const path of deliveredColumns.flatMap(({ ecsPaths }) => ecsPaths)) {
    const values = documents.map((document) =>
      path.split('.').reduce((value, name) => value?.[name], document),
    );
    expect([path, values.some((value) => value !== undefined)]).toEqual([path, true]);
  }
});

test('prints a row for each column, or JSON', async () => {
  const terminal = recordedTerminal();

  expect(await schema([], terminal)).toBe(0);
  expect(terminal.printed).toHaveLength(1 + deliveredColumns.length);
  expect(terminal.printed.join('\n')).toContain('organization.name');

  const json = recordedTerminal();
  expect(await schema(['--json'], json)).toBe(0);
  expect(JSON.parse(json.printed.join('\n'))).toEqual(deliveredColumns);
});

test.each([
  ['--since', '2026-01-01'],
  ['--location', 's3://logs/'],
  ['--output', 'verbatim'],
])('%s is for the statements of Athena alone', async (option, value) => {
  await expect(schema([option, value], recordedTerminal())).rejects.toThrow(
    `${option} is for --athena`,
  );
});
