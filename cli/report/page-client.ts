/**
 * The page's own code and style: shipped beside the command line in a package, bundled when first
 * asked for from sources.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PageClient } from '../../analytics/render/page';

/** What a build writes into the folder of the command line. */
export const pageClientFiles = { script: 'page-client.js', style: 'page-client.css' } as const;

let bundled: PageClient | undefined;

export function pageClient(folder = __dirname): PageClient {
  if (existsSync(join(folder, pageClientFiles.script))) {
    return {
      script: readFileSync(join(folder, pageClientFiles.script), 'utf8'),
      style: readFileSync(join(folder, pageClientFiles.style), 'utf8'),
    };
  }
  bundled ??= bundlePageClient(join(folder, '..', '..'));
  return bundled;
}

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
