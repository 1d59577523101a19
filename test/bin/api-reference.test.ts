import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiReference } from '../../bin/api-reference';
import * as offered from '../../lib/public';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'api', 'README.md'), 'utf8');

describe('the API reference', () => {
  test('is that of the sources: `npm run docs:api` writes it', () => {
    expect(page).toBe(apiReference());
  });

  test('has a section for everything that is offered', () => {
    for (const name of Object.keys(offered)) expect(page).toContain(`\n## ${name}\n`);
  });

  test('gives each property its type, its default and what it is', () => {
    expect(page).toContain(
      "| `name` | `string` | 'access-logs' | Distinguishes this pipeline from others",
    );
  });
});
