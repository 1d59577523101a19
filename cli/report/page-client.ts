/**
 * The page's own code and style: shipped beside the command line in a package, bundled when first
 * asked for from sources.
 */

import { join } from 'node:path';
import type { PageClient } from '../../analytics/render/page';
import { bundlePageClient } from '../../lambda/page/bundle-client';
import { readPageClient } from '../../lambda/page/client-files';

let bundled: PageClient | undefined;

export function pageClient(folder = __dirname): PageClient {
  const shipped = readPageClient(folder);
  if (shipped) return shipped;
  bundled ??= bundlePageClient(join(folder, '..', '..'));
  return bundled;
}
