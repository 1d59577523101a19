/** Calls as rows for the engine, with what is known of their addresses. */

import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCountries } from '../report/countries';
import { ipFactsOf } from '../report/ip-facts';
import type { Terminal } from '../terminal/terminal';
import { readChanges } from './read-changes';
import { readThreats } from './threat-list';
import { warnOfUnread } from './warn-of-unread';

export interface ChangeRowsOptions {
  readonly cacheFolder: string;
  /** A list of threats. */
  readonly threats?: string | undefined;
}

/** Reads all that the sources hold, and resolves to a file of rows, which the caller removes. */
export async function changeRows(
  names: readonly string[],
  { cacheFolder, threats }: ChangeRowsOptions,
  terminal: Terminal,
): Promise<string> {
  const threatOf = threats === undefined ? undefined : await readThreats(threats);
  // Of before the time of a report too: when a key was made, and what a plan was before.
  const read = await readChanges(names, {}, terminal);
  warnOfUnread(read, terminal);
  const countries = loadCountries(cacheFolder);
  const rows = read.changes.map((change) => {
    const { source_ip: ip } = change;
    const facts = ip === null ? undefined : ipFactsOf(ip, countries);
    const threat = ip === null ? undefined : threatOf?.(ip);
    return `${JSON.stringify({ ...change, ...facts, threat })}\n`;
  });
  const folder = join(cacheFolder, '.spill');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `changes-${randomUUID()}.json`);
  writeFileSync(file, rows.join(''), { mode: 0o600 });
  return file;
}
