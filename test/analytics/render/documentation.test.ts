import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditPanels, panels } from '../../../analytics/panels/all';
import { analyticsDocumentation } from '../../../analytics/render/documentation';

const written = readFileSync(join(__dirname, '../../../docs/analytics.md'), 'utf8');

describe('docs/analytics.md', () => {
  test('is what `npm run docs:analytics` writes', () => {
    expect(written).toBe(analyticsDocumentation());
  });

  test('defines every panel, with its SQL', () => {
    for (const { id, title, definition } of [...panels, ...auditPanels]) {
      expect(written).toContain(`### ${title}\n\n\`${id}\`: `);
      expect(written).toContain(definition);
    }
    expect(written.match(/^```sql$/gm)).toHaveLength(panels.length + auditPanels.length);
  });
});
