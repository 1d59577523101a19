import { accessColumnNames } from '../../../analytics/schema';
import { athenaDdl } from '../../../cli/schema/athena-ddl';
import { schema } from '../../../cli/schema/schema';
import { recordedTerminal } from '../../support/recorded-terminal';

const options = { location: 's3://my-bucket/logs/', since: '2026-11-01' } as const;

describe('the statements for Athena', () => {
  test('make a table of the lines, with days and hours that need no crawler', () => {
    const [table = ''] = athenaDdl({ output: 'canonical', ...options });

    expect(table).toMatch(/^create external table lines \(\n {2}`account_id` string,/);
    expect(table).toContain('`status` bigint');
    expect(table).toContain('partitioned by (\n  `day` date,\n  `hour` int\n)');
    expect(table).toContain("row format serde 'org.apache.hive.hcatalog.data.JsonSerDe'");
    expect(table).toContain("location 's3://my-bucket/logs/'");
    expect(table).toContain("'projection.day.range' = '2026-11-01,NOW'");
    expect(table).not.toContain('`endpoint`');
  });

  test('make both relations, with all columns', () => {
    for (const output of ['canonical', 'verbatim'] as const) {
      const [, access = '', requests = ''] = athenaDdl({ output, ...options });
      expect(access).toMatch(/^create or replace view access as\nselect/);
      expect(requests).toMatch(/^create or replace view requests as\nselect/);
      for (const name of accessColumnNames) {
        expect(access).toContain(`as "${name}"`);
        expect(requests).toContain(`"${name}"`);
      }
    }
  });

  test('are printed, each with a semicolon', async () => {
    const terminal = recordedTerminal();

    expect(await schema(['--athena', '--location', 's3://b/logs/'], terminal)).toBe(0);
    expect(terminal.printed.filter((line) => line.endsWith(';'))).toHaveLength(3);
  });

  test.each([
    [['--athena', '--output', 'ecs'], '--output: got "ecs", expected canonical or verbatim'],
    [['--athena', '--location', "s3://b/'/"], '--location: got'],
    [['--athena', '--since', 'today'], '--since: got "today", expected a day'],
    [['--athena', '--json'], 'exclude each other'],
  ])('need sound options: %j', async (args, message) => {
    await expect(schema(args, recordedTerminal())).rejects.toThrow(message);
  });
});
