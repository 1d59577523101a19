/** A list of dangerous addresses that a user brings. No free one may be shipped. */

import { BlockList, isIP } from 'node:net';
import { nameOf, readText } from '../json-source';
import { UsageError } from '../usage-error';

/** The list's name for an address; undefined where it is not on it. */
export type Threats = (address: string) => string | undefined;

/** What an entry without a name is called. */
const UNNAMED = 'listed';

/** Reads CSV: an address or a network a line, and a name for it after a comma. */
export async function readThreats(source: string): Promise<Threats> {
  const lists = new Map<string, BlockList>();
  const lines = (await readText(source)).split(/\r?\n/);
  let entries = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const [first = '', second = ''] = line
      .split(/[,;\t]/)
      .map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const name = second === '' ? UNNAMED : second;
    const list = lists.get(name) ?? new BlockList();
    if (add(list, first)) {
      lists.set(name, list);
      entries++;
    } else if (entries > 0 || !isHead(first)) {
      throw new UsageError(
        `${nameOf(source)}, line ${index + 1}: got "${first}", expected an address such as 192.0.2.1 or a network such as 192.0.2.0/24`,
      );
    }
  }
  if (entries === 0) throw new UsageError(`${nameOf(source)}: no address and no network in it`);
  return (address) => {
    const family = isIP(address);
    if (family === 0) return undefined;
    for (const [name, list] of lists) {
      if (list.check(address, family === 4 ? 'ipv4' : 'ipv6')) return name;
    }
    return undefined;
  };
}

/** Names of columns, which have no digits and no colons. */
function isHead(text: string): boolean {
  return /^[A-Za-z_ -]+$/.test(text);
}

function add(list: BlockList, text: string): boolean {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  if (family === 0) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  if (length === undefined) list.addAddress(address, type);
  else if (Number(length) > (family === 4 ? 32 : 128)) return false;
  else list.addSubnet(address, Number(length), type);
  return true;
}
