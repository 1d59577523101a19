/**
 * Trino's own grammar as a judge of statements. Its package imports folders, which Node refuses in
 * modules: it is bundled first.
 */

import { createRequire } from 'node:module';
import { join } from 'node:path';
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

/** What Trino's grammar says against a statement; nothing if it accepts it. */
export function grammarErrors(statement: string): string[] {
  return trino()
    .validate(statement)
    .map(({ message, startLine, startColumn }) => `${startLine}:${startColumn} ${message}`);
}

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
