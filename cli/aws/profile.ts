/** The profiles of `~/.aws`, to report one that was named but is not there. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The error for a profile that no file has; undefined where one has it. */
export function missingProfile(name: string): string | undefined {
  const { env } = process;
  const config = env['AWS_CONFIG_FILE'] || join(homedir(), '.aws', 'config');
  const credentials = env['AWS_SHARED_CREDENTIALS_FILE'] || join(homedir(), '.aws', 'credentials');
  const has = [config, credentials].some((file) => profilesIn(file).includes(name));
  return has ? undefined : `no profile "${name}" in ${shown(config)} or ${shown(credentials)}`;
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html */
function profilesIn(file: string): string[] {
  const heads = textOf(file).matchAll(/^[ \t]*\[[ \t]*(?:profile[ \t]+)?(.+?)[ \t]*\]/gm);
  return Array.from(heads, ([, name = '']) => name.replace(/^(["'])(.*)\1$/, '$2'));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function shown(file: string): string {
  const home = `${homedir()}/`;
  return file.startsWith(home) ? `~/${file.slice(home.length)}` : file;
}
