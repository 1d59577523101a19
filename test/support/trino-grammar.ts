/**
 * Trino's own grammar as a judge of statements. Its package imports folders, which Node refuses in
 * modules: it is bundled first.
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from 'dt-sql-parser/package.json';
import { buildSync } from 'esbuild';

interface TrinoParser {
  validate(sql: string): { message: string; startLine: number; startColumn: number }[];
  getAllTokens(sql: string): { text: string }[];
}

let parser: TrinoParser | undefined;

function trino(): TrinoParser {
  if (parser) return parser;
  const { outputFiles } = buildSync({
    stdin: {
      contents: "export { TrinoSQL } from 'dt-sql-parser/dist/parser/trino';",
      resolveDir: join(__dirname, '..', '..'),
    },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    write: false,
    logLevel: 'error',
  });
  const module = { exports: {} as { TrinoSQL: new () => TrinoParser } };
  const code = outputFiles[0]?.text ?? '';
  new Function('module', 'exports', 'require', code)(
    module,
    module.exports,
    createRequire(__filename),
  );
  parser = new module.exports.TrinoSQL();
  return parser;
}

/**
 * What Trino's grammar says against a statement; nothing if it accepts it. A long one takes a second, and many
 * tests judge the same ones: what was judged is kept on disk, for the other processes of a run.
 */
export function grammarErrors(statement: string): string[] {
  const file = join(judged, createHash('sha256').update(statement).digest('hex'));
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const errors = trino()
    .validate(statement)
    .map(({ message, startLine, startColumn }) => `${startLine}:${startColumn} ${message}`);
  mkdirSync(judged, { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(errors));
  renameSync(draft, file);
  return errors;
}

const judged = join(tmpdir(), `trino-grammar-${version}`);

/** The names that a statement calls as functions, in lower case. */
export function functionsIn(statement: string): string[] {
  const tokens = trino()
    .getAllTokens(statement)
    .map(({ text }) => text.trim())
    .filter((text) => text !== '');
  const called = tokens.filter((text, place) => {
    if (tokens[place + 1] !== '(' || !/^[a-z_]\w*$/i.test(text)) return false;
    return !notCalled.has(text.toLowerCase()) && tokens[place - 1]?.toLowerCase() !== 'as';
  });
  return [...new Set(called.map((name) => name.toLowerCase()))];
}

/** Words of the language that may stand before a parenthesis, and names of relations with columns. */
const notCalled = new Set(
  [
    'and as between by case cross distinct else except exists filter from having in join not null on',
  ]
    .flatMap((line) => line.split(' '))
    .concat('or over select then union values when where with partition window'.split(' ')),
);
