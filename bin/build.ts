/** Writes the functions exactly as they are deployed to `dist/<name>/index.js`. */

import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bundleFunction, functionNames, packageRoot } from '../lib/bundling';

for (const name of functionNames) {
  const file = bundleFunction(name, join(packageRoot, 'dist', name));
  console.log(`${relative(process.cwd(), file)}  ${Math.round(statSync(file).size / 1024)} KB`);
}
