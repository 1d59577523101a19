import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const read = (name: string) => readFileSync(join(root, 'destinations', name), 'utf8');
const json = (name: string) => JSON.parse(read(`elastic/${name}.json`));

describe('the files for Elastic', () => {
  test('are JSON, each of them', () => {
    const files = readdirSync(join(root, 'destinations', 'elastic')).filter((name) =>
      name.endsWith('.json'),
    );

    expect(files.sort()).toEqual([
      'component-template.json',
      'index-template.json',
      'ingest-pipeline.json',
    ]);
    for (const file of files) expect(typeof JSON.parse(read(`elastic/${file}`))).toBe('object');
  });

  test('fit together: the index template names the pipeline and the component template', () => {
    const { composed_of: parts, template } = json('index-template');
    const script = read('elastic/install.sh');

    expect(script).toContain(`_ingest/pipeline/${template.settings['index.default_pipeline']}`);
    expect(script).toContain(`_component_template/${parts[0]}`);
    // What comes first wins: the rule for labels has to stand before that of ecs@mappings.
    expect(parts.indexOf('logs-apigateway.access@mappings')).toBeLessThan(
      parts.indexOf('ecs@mappings'),
    );
  });

  test('keep what cannot be read', () => {
    const { on_failure: steps } = json('ingest-pipeline');

    expect(steps).toContainEqual({ set: { field: 'event.kind', value: 'pipeline_error' } });
  });

  test('have a script that the shell can read', () => {
    const { status, stderr } = spawnSync(
      'bash',
      ['-n', join(root, 'destinations/elastic/install.sh')],
      {
        encoding: 'utf8',
      },
    );

    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('the files for Sumo Logic', () => {
  test('extract the fields that are to be added, and the plan and the customer', () => {
    const rule = read('sumologic/field-extraction-rule.txt');
    const fields = read('sumologic/fields.txt').trim().split('\n');

    for (const field of ['usage_plan', 'customer_name', 'namespace']) {
      expect(fields).toContain(field);
      expect(rule).toContain(field);
    }
    expect(rule.match(/"/g)?.length ?? 0).toBe((rule.match(/"[^"]*"/g)?.length ?? 0) * 2);
  });
});
