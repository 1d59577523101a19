/**
 * Writes to `dist/` what runs somewhere else: each function as it is deployed, to `<name>/index.js`,
 * and the command line for who installs the package, to `apigw-logs.js`, with what reports need
 * beside it: the page's code and style, the threads' code, and the countries of addresses.
 */

import { statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildSync } from 'esbuild';
import { countriesFile, packDataSet } from '../cli/report/countries';
import { bundlePageClient, pageClientFiles } from '../cli/report/page-client';
import { bundleRowWorker, rowWorkerFile } from '../cli/report/row-worker-code';
import { bundleFunction, functionNames, packageRoot } from '../lib/functions/bundling';

const folder = join(packageRoot, 'dist');

for (const name of functionNames) tell(bundleFunction(name, join(folder, name)));
tell(bundleCommandLine());
for (const file of writePageClient()) tell(file);
tell(write(rowWorkerFile, bundleRowWorker(packageRoot)));
tell(write(countriesFile, packDataSet()));

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
    external: ['esbuild', '@duckdb/node-api'],
    // Whatever starts the sources is not there.
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  });
  return outfile;
}

function writePageClient(): string[] {
  const client = bundlePageClient(packageRoot);
  return (['script', 'style'] as const).map((part) => {
    return write(pageClientFiles[part], client[part]);
  });
}

function write(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function tell(file: string): void {
  console.log(`${relative(process.cwd(), file)}  ${Math.round(statSync(file).size / 1024)} KB`);
}
