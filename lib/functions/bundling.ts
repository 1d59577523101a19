/** How a function becomes one file: the same for `npm run build`, for the stack and for tests. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsMinifyOptions } from '@swc/core';
import type { BuildOptions, TransformOptions } from 'esbuild';
import { bundlePageClient } from '../../lambda/page/bundle-client';
import { writePageClient } from '../../lambda/page/client-files';

/** Folders of `lambda/` whose `handler.ts` exports `handler`. */
export const functionNames = [
  'enrich',
  'crawler',
  'attach',
  'api-widgets',
  'quota',
  'analytics',
  'change-watch',
  'change-extract',
  'log-widgets',
] as const;

export type FunctionName = (typeof functionNames)[number];

export const packageRoot = join(__dirname, '..', '..');

const options = {
  // What the bundle's comments call its modules is relative to this.
  absWorkingDir: packageRoot,
  bundle: true,
  platform: 'node',
  // The runtime that it is deployed to: nothing is translated to older syntax.
  target: 'node24',
  // ES modules load no faster here: importing `node:http` from one evaluates all of its exports.
  format: 'cjs',
  // Packages' ES module builds first, since only those can be tree-shaken: a quarter less.
  mainFields: ['module', 'main'],
  // The SDK's `import('node:http')` becomes a `require`: about 20 ms less to the first request, for
  // `import()` of that module loads undici on Node 22 and later.
  supported: { 'dynamic-import': false },
  // The SDK's whole chain of credential providers would be 110 KB, for what no function has.
  alias: {
    '@aws-sdk/credential-provider-node': join(packageRoot, 'lambda/aws/credential-chain.ts'),
  },
  // The SDK too is bundled: what was tested is what runs, whatever version the runtime brings along.
  external: [],
  logLevel: 'warning',
} satisfies BuildOptions;

/** The function whose containers are many; the client of S3 has event streams. */
const smallerParts = {
  '@aws/lambda-invoke-store': join(packageRoot, 'lambda/aws/no-invoke-store.ts'),
  '@smithy/core/checksum': join(packageRoot, 'lambda/aws/node-checksum.ts'),
  // 18 KB, which the SDK's protocols would load for operations that API Gateway does not have.
  '@smithy/core/event-streams': join(packageRoot, 'lambda/aws/no-event-streams.ts'),
};

const shaken = {
  target: options.target,
  format: options.format,
  treeShaking: true,
  // Leaves SWC's minifier 1 KB less to write.
  minify: true,
  legalComments: 'none',
} satisfies TransformOptions;

/** The file is compiled at every cold start, and two and a half times as large otherwise. */
const minified = {
  // SWC's minifier leaves 7 KB less than esbuild's. It could leave 4 KB less again, by moving functions
  // to where they are called; made anew at every call there, they cost up to 10 % of a batch's time.
  compress: { toplevel: true, inline: 0, reduce_funcs: false, reduce_vars: false },
  mangle: { toplevel: true },
  module: false,
  ecma: 2020,
} satisfies JsMinifyOptions;

/** What is bundled; a package that ships the bundles instead has no such file. */
export function entryOf(name: FunctionName, root = packageRoot): string {
  return join(root, 'lambda', name, 'handler.ts');
}

/**
 * Writes `index.js`, which exports `handler`, into a folder; returns the file's path. `onInputs` gets the
 * files that went into it, relative to the package's root.
 */
export function bundleFunction(
  name: FunctionName,
  folder: string,
  onInputs?: (inputs: readonly string[]) => void,
): string {
  // Loaded only here: who deploys a shipped bundle needs neither.
  const { buildSync, transformSync } = require('esbuild') as typeof import('esbuild');
  const { minifySync } = require('@swc/core') as typeof import('@swc/core');
  const outfile = join(folder, 'index.js');
  const alias = { ...options.alias, ...(name === 'enrich' ? smallerParts : {}) };
  const entryPoints = [entryOf(name)];
  const { outputFiles, metafile } = buildSync({
    ...options,
    alias,
    entryPoints,
    outfile,
    write: false,
    metafile: true,
  });
  onInputs?.(Object.keys(metafile.inputs));
  // It writes its log without the console, which the SDK would only warn on.
  const drop: TransformOptions['drop'] = name === 'enrich' ? ['console'] : [];
  const bundle = markSchemas(outputFiles.map(({ text }) => text).join(''));
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    outfile,
    minifySync(transformSync(bundle, { ...shaken, drop }).code, minified).code,
  );
  // It makes pages.
  if (name === 'analytics') writePageClient(folder, bundlePageClient(packageRoot));
  return outfile;
}

/**
 * Lets esbuild drop the schemas of operations that are not called, another 30 KB: it keeps arrays with
 * computed names in them, since computing those could do something. In the SDK's it does nothing.
 */
function markSchemas(bundle: string): string {
  return bundle.replace(
    /^var (\w+\$\d*) = (\[[^;]*?\]);$/gm,
    (_, name, schema) => `var ${name} = /* @__PURE__ */ (() => ${schema})();`,
  );
}
