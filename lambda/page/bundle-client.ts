/** The page's own code and style out of their sources: for a build, and for who runs the sources. */

import { join } from 'node:path';
import type { PageClient } from '../../analytics/render/page';

/** @param root the folder of the sources */
export function bundlePageClient(root: string): PageClient {
  // Loaded only here: a package brings the bundle along, and no esbuild.
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  const folder = join(root, 'analytics', 'render', 'client');
  const build = (entry: string) => {
    const { outputFiles } = buildSync({
      entryPoints: [join(folder, entry)],
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      charset: 'utf8',
      legalComments: 'none',
      // What has `light-dark()` and streams that decompress.
      target: ['chrome123', 'firefox120', 'safari17.5'],
      logLevel: 'warning',
    });
    return outputFiles.map(({ text }) => text).join('');
  };
  return { script: build('main.ts'), style: build('style.css') };
}
