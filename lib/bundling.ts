/** How a function becomes one file: the same for `npm run build`, for the stack and for tests. */

import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** A folder of `lambda/` whose `handler.ts` exports `handler`. */
export type FunctionName = 'enrich' | 'catalog';

export const functionNames: readonly FunctionName[] = ['enrich', 'catalog'];

export const packageRoot = join(__dirname, '..');

const options = {
  bundle: true,
  platform: 'node',
  // The runtime that it is deployed to: nothing is translated to older syntax.
  target: 'node24',
  // ES modules load no faster here: importing `node:http` from one evaluates all of its exports.
  format: 'cjs',
  // The file is compiled at every cold start, and two and a half times as large otherwise.
  minify: true,
  // Packages' ES module builds first, since only those can be tree-shaken: a quarter less.
  mainFields: ['module', 'main'],
  // The SDK's `import('node:http')` becomes a `require`: about 20 ms less to the first request, for
  // `import()` of that module loads undici on Node 22 and later.
  supported: { 'dynamic-import': false },
  // The SDK's whole chain of credential providers would be 110 KB, for what no function has.
  alias: {
    '@aws-sdk/credential-provider-node': join(packageRoot, 'lambda/enrich/credential-chain.ts'),
  },
  // The SDK too is bundled: what was tested is what runs, whatever version the runtime brings along.
  external: [],
  logLevel: 'warning',
} satisfies BuildOptions;

/** What is bundled; a package that ships the bundles instead has no such file. */
export function entryOf(name: FunctionName, root = packageRoot): string {
  return join(root, 'lambda', name, 'handler.ts');
}

/** Writes `index.js`, which exports `handler`, into a folder; gives the file's path. */
export function bundleFunction(name: FunctionName, folder: string): string {
  // Loaded only here: who deploys a shipped bundle needs no esbuild.
  const { buildSync } = require('esbuild') as typeof import('esbuild');
  const outfile = join(folder, 'index.js');
  buildSync({ ...options, entryPoints: [entryOf(name)], outfile });
  return outfile;
}
