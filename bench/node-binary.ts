/** The Node that the rivals run on: Lambda's, from npm, where this one is another. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NODE_VERSION = '24.21.0';

/** As Lambda's bootstrap starts Node in a function of 512 MB. */
export const LAMBDA_FLAGS = [
  '--expose-gc',
  '--max-http-header-size',
  '81920',
  '--max-semi-space-size=25',
  '--max-old-space-size=461',
];

/** Path of a Node of the deployed major version; this process's where npm has none. */
export function nodeBinary(): string {
  if (process.version.startsWith('v24.')) return process.execPath;
  const folder = join(tmpdir(), `apigw-logs-node-${NODE_VERSION}`);
  const path = join(folder, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  try {
    const args = ['install', '--no-audit', '--no-fund', '--prefix', folder, `node@${NODE_VERSION}`];
    execFileSync('npm', args, { stdio: 'ignore' });
    return path;
  } catch {
    return process.execPath;
  }
}

export function versionOf(node: string): string {
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
}
