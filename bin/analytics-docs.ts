/** Writes docs/analytics.md from the panels. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyticsDocumentation } from '../analytics/render/documentation';

writeFileSync(join(__dirname, '..', 'docs', 'analytics.md'), analyticsDocumentation());
