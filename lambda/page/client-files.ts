/** The page's own code and style as files that a build has put beside the code that makes pages. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PageClient } from '../../analytics/render/page';

const files = { script: 'page-client.js', style: 'page-client.css' } as const;

/** Undefined where no build has put them there. */
export function readPageClient(folder: string): PageClient | undefined {
  if (!existsSync(join(folder, files.script))) return undefined;
  return {
    script: readFileSync(join(folder, files.script), 'utf8'),
    style: readFileSync(join(folder, files.style), 'utf8'),
  };
}

/** Returns the paths of the files. */
export function writePageClient(folder: string, client: PageClient): string[] {
  mkdirSync(folder, { recursive: true });
  return (['script', 'style'] as const).map((part) => {
    const path = join(folder, files[part]);
    writeFileSync(path, client[part]);
    return path;
  });
}
