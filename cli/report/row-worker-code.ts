/**
 * The code of a row thread: shipped beside the command line in a package, bundled when first asked for
 * from sources, which threads cannot load.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What a build writes into the folder of the command line. */
export const rowWorkerFile = 'row-worker.js';

export interface WorkerCode {
  readonly code: string;
  /** Whether the code is a file's name. */
  readonly isFile: boolean;
}

let bundled: WorkerCode | undefined;

export function rowWorkerCode(folder = __dirname): WorkerCode {
  const file = join(folder, rowWorkerFile);
  if (existsSync(file)) return { code: file, isFile: true };
  bundled ??= { code: bundleRowWorker(join(folder, '..', '..')), isFile: false };
  return bundled;
}

/** @param root the folder of the sources */
export function bundleRowWorker(root: string): string {
  // Loaded only here: a package brings the bundle along, and no esbuild.
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  const { outputFiles } = buildSync({
    entryPoints: [join(root, 'cli', 'report', 'row-worker.ts')],
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return outputFiles.map(({ text }) => text).join('');
}
