/**
 * Writes to `dist/` what runs somewhere else: each function as it is deployed, to `<name>/index.js`,
 * and the command line for who installs the package, to `apigw-logs.js`, with the code and the style of
 * the report's page beside it.
 */

import { statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildSync } from 'esbuild';
import { bundlePageClient, pageClientFiles } from '../cli/report/page-client';
import { bundleFunction, functionNames, packageRoot } from '../lib/functions/bundling';

const folder = join(packageRoot, 'dist');

for (const name of functionNames) tell(bundleFunction(name, join(folder, name)));
tell(bundleCommandLine());
for (const file of writePageClient()) tell(file);

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
    // Bundles the page's code where there are sources; a build brings it along.
    external: ['esbuild'],
    // Whatever starts the sources is not there.
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  });
  return outfile;
}

function writePageClient(): string[] {
  const client = bundlePageClient(packageRoot);
  return (['script', 'style'] as const).map((part) => {
    const file = join(folder, pageClientFiles[part]);
    writeFileSync(file, client[part]);
    return file;
  });
}

function tell(file: string): void {
  console.log(`${relative(process.cwd(), file)}  ${Math.round(statSync(file).size / 1024)} KB`);
}
