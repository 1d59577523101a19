/**
 * Writes to `dist/` what runs somewhere else: each function as it is deployed, to `<name>/index.js`,
 * and the command line for who installs the package, to `apigw-logs.js`, with what reports need
 * beside it: the page's code and style, the threads' code, and the countries of addresses.
 */

import { statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildSync } from 'esbuild';
import { countriesFile, packDataSet } from '../cli/report/countries';
import { bundleRowWorker, rowWorkerFile } from '../cli/report/row-worker-code';
import { bundlePageClient } from '../lambda/page/bundle-client';
import { writePageClient } from '../lambda/page/client-files';
import { bundleFunction, functionNames, packageRoot } from '../lib/functions/bundling';
import { licensesText, packagesOf } from './third-party-licenses';

const folder = join(packageRoot, 'dist');

const inputs = new Set<string>();
function collect(files: readonly string[]): void {
  for (const file of files) inputs.add(file);
}

for (const name of functionNames) tell(bundleFunction(name, join(folder, name), collect));
tell(bundleCommandLine());
for (const file of writePageClient(folder, bundlePageClient(packageRoot))) tell(file);
tell(write(rowWorkerFile, bundleRowWorker(packageRoot)));
tell(write(countriesFile, packDataSet()));
tell(write('THIRD_PARTY_LICENSES', licensesText(packagesOf(inputs, packageRoot))));

function bundleCommandLine(): string {
  const outfile = join(folder, 'apigw-logs.js');
  const { metafile } = buildSync({
    absWorkingDir: packageRoot,
    metafile: true,
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
  collect(Object.keys(metafile.inputs));
  return outfile;
}

function write(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function tell(file: string): void {
  console.log(`${relative(process.cwd(), file)}  ${Math.round(statSync(file).size / 1024)} KB`);
}
