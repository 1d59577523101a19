/** Files, folders, patterns and standard input as sources. */

import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nameOf, STANDARD_INPUT } from '../json-source';
import { UsageError } from '../usage-error';
import { type FolderChoice, isNoLog, type Source } from './source';

/** The files that an argument names, in the order of their names; rejects where there are none. */
export async function fileSources(argument: string, choice: FolderChoice): Promise<Source[]> {
  if (argument === STANDARD_INPUT) return [standardInput()];
  if (argument === '') throw new UsageError('got an empty name, expected a file or a folder');
  const found = await stat(argument).catch(() => undefined);
  if (found?.isDirectory()) return filesIn(argument, choice);
  if (found) return [await fileSource(argument)];
  if (/[*?{[]/.test(argument)) return filesLike(argument, choice);
  throw new UsageError(`no such file or folder: ${argument}`);
}

function standardInput(): Source {
  return { name: nameOf(STANDARD_INPUT), bytes: 0, open: async () => process.stdin };
}

async function fileSource(path: string): Promise<Source> {
  const open = async () => createReadStream(path, { highWaterMark: 256 * 1024 });
  try {
    const found = await stat(path);
    // A pipe has something else each time.
    const version = found.isFile() ? String(found.mtimeMs) : undefined;
    return { name: path, bytes: found.size, version, open };
  } catch {
    // Opening it will say why.
    return { name: path, bytes: 0, open };
  }
}

async function filesIn(folder: string, choice: FolderChoice): Promise<Source[]> {
  const paths = await listed(folder);
  const wanted = paths.filter((path) => !isNoLog(path) && choice.takes(path));
  if (paths.length === 0) throw new UsageError(`no files in ${folder}`);
  return Promise.all(wanted.map((path) => fileSource(join(folder, path))));
}

async function filesLike(pattern: string, choice: FolderChoice): Promise<Source[]> {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => /[*?{[]/.test(part));
  const root = parts.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.');
  const matches = patternOf(parts.slice(first).join('/'));
  const paths = (await listed(root).catch(() => [])).filter((path) => matches.test(path));
  if (paths.length === 0) throw new UsageError(`no file matches ${pattern}`);
  const wanted = paths.filter((path) => choice.takes(path));
  return Promise.all(wanted.map((path) => fileSource(join(root, path))));
}

/** All files below a folder, with `/` between the parts of their paths. Links are followed, each folder once. */
async function listed(folder: string): Promise<string[]> {
  const entered = new Set<string>();
  const below = async (path: string): Promise<string[]> => {
    const place = await realpath(join(folder, path));
    if (entered.has(place)) return [];
    entered.add(place);
    const entries = await readdir(place, { withFileTypes: true }).catch((error: Error) => {
      if (path === '') throw new UsageError(`cannot read ${folder}: ${error.message}`);
    });
    // Named as what cannot be read: opening it will say why.
    if (!entries) return [path];
    const found: string[] = [];
    for (const entry of entries) {
      const its = path === '' ? entry.name : `${path}/${entry.name}`;
      const target = entry.isSymbolicLink()
        ? await stat(join(folder, its)).catch(() => undefined)
        : entry;
      if (target?.isDirectory()) found.push(...(await below(its)));
      // A link to nothing is named as what cannot be read.
      else if (target === undefined || target.isFile()) found.push(its);
    }
    return found;
  };
  return (await below('')).sort();
}

/** `*` and `?` within a name, `**` over folders, `{a,b}` and `[a-z]`, as in a shell. */
function patternOf(pattern: string): RegExp {
  const text = pattern.replace(
    /\*\*\/|\*\*|\*|\?|\{[^{}]*\}|\[[^\]]*\]|[.+^$()|\\{}[\]]/g,
    (part) => {
      if (part === '**/') return '(?:.*/)?';
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      if (part.startsWith('{') && part.length > 1) {
        const choices = part.slice(1, -1).split(',');
        return `(?:${choices.map((choice) => patternOf(choice).source.slice(1, -1)).join('|')})`;
      }
      if (part.startsWith('[') && part.length > 1) return part.replace(/^\[!/, '[^');
      return `\\${part}`;
    },
  );
  try {
    return new RegExp(`^${text}$`);
  } catch {
    throw new UsageError(`got the pattern ${pattern}, expected one such as logs/2026-*/[0-9]*.gz`);
  }
}
