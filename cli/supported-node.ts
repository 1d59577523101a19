/**
 * Ends the process with one clear line where Node.js is too old. Imported before everything else: what
 * comes after would stumble over the first function that is not there yet.
 */

import { engines } from '../package.json';

const needed = Number(/\d+/.exec(engines.node)?.[0]);

if (Number.parseInt(process.versions.node, 10) < needed) {
  process.stderr.write(
    `apigw-logs: this is Node.js ${process.versions.node}, expected ${needed} or newer\n`,
  );
  process.exit(2);
}
