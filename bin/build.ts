/**
 * Writes to `dist/` what runs somewhere else: each function as it is deployed, to `<name>/index.js`,
 * and the command line for who installs the package, to `apigw-logs.js`.
 */

import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleFunction, functionNames, packageRoot } from '../lib/functions/bundling';

const folder = join(packageRoot, 'dist');

for (const name of functionNames) tell(bundleFunction(name, join(folder, name)));
tell(bundleCommandLine());

function bundleCommandLine(): string {
  const outfile = join(folder, 'apigw-logs.js');
  buildSync({
    entryPoints: [join(packageRoot, 'bin', 'apigw-logs.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    // Whatever starts the sources is not there.
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  });
  return outfile;
}

function tell(file: string): void {
  console.log(`${relative(process.cwd(), file)}  ${Math.round(statSync(file).size / 1024)} KB`);
}
