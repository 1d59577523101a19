/**
 * What a statement of the user's may do: read `access` and `requests`, and `changes` where there is such
 * a relation. Files, settings and the engine's own tables are none of its business.
 *
 * It is judged by the tree that DuckDB parses it into (`json_serialize_sql`), not by its text.
 */

import { didYouMean } from '../../lambda/core/nearest';
import { UsageError } from '../usage-error';

/** Functions that return rows without reading any. */
const tableFunctions: ReadonlySet<string> = new Set(
  'generate_series json_each json_tree range sequence unnest'.split(' '),
);

/** Functions that show something of the engine or the machine, or change something. */
const foreignFunctions =
  /^(current_(?:database|query|schemas?|setting)|currval|getenv|getvariable|in_search_path|nextval|txid_current|write_log|duckdb_.*|has_.*_privilege|pg_(?!typeof$).*|pragma_.*|which_secret)$/;

/** What an EXPLAIN explains is judged, and that alone can be taken apart. */
export function explainedStatement(sql: string): string | undefined {
  const found =
    /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*explain\b(?:\s+analyze\b|\s*\((?!\s*(?:select|with|values|from|\())[^)]*\))*/i.exec(
      sql,
    )?.[0];
  // Blanks instead, so that line and column stay the same.
  return (
    found &&
    found.replace(/[^\n]/g, (char) => ' '.repeat(Buffer.byteLength(char))) + sql.slice(found.length)
  );
}

/** The fault of a statement that does not only read. */
export function notSelect(sql: string): UsageError {
  const bare = sql.replace(/^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/, '');
  const got = /^\w+/.exec(bare)?.[0].toUpperCase() ?? bare.slice(0, 1);
  return new UsageError(`expected a SELECT, got ${got}: queries only read`);
}

/** Rejects what reads anything but the relations. The tree is that of `json_serialize_sql`. */
export function checkTree(tree: unknown, sql: string, relations: readonly string[]): void {
  visit(tree, new Set(relations));

  function visit(node: unknown, known: ReadonlySet<string>): void {
    if (Array.isArray(node)) {
      for (const one of node) visit(one, known);
    } else if (typeof node === 'object' && node !== null) {
      const fields = node as Readonly<Record<string, unknown>>;
      check(fields, known);
      const inside = new Set([...known, ...namesOfWith(fields)]);
      for (const field of Object.values(fields)) visit(field, inside);
    }
  }

  function check(node: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): void {
    const { type, query_location: location } = node;
    if (type === 'BASE_TABLE') {
      const { catalog_name: catalog, schema_name: schema, table_name: table } = node;
      const name = [catalog, schema, table].filter((part) => part !== '').join('.');
      if (known.has(name.toLowerCase())) return;
      const hint = didYouMean(name, relations) || `, expected ${relations.join(' or ')}`;
      throw new UsageError(wrongSql(sql, `no relation "${name}"${hint}`, location));
    }
    if (type === 'SHOW_REF' && node['query'] === null) throw notSelect(sql);
    const called = type === 'TABLE_FUNCTION' ? (node['function'] as typeof node) : node;
    const name = called['function_name'];
    if (typeof name !== 'string') return;
    const isFine =
      type === 'TABLE_FUNCTION' ? tableFunctions.has(name) : !foreignFunctions.test(name);
    if (isFine) return;
    const what = `${name}() is not for queries, which read ${relations.join(' and ')} alone`;
    throw new UsageError(wrongSql(sql, what, location));
  }
}

/** The names of all WITHs in it and around it. */
function namesOfWith({ cte_map: ctes }: Readonly<Record<string, unknown>>): string[] {
  const { map = [] } = (ctes ?? {}) as { map?: readonly { key: string }[] };
  return map.map(({ key }) => key.toLowerCase());
}

/** In a line; the location is counted in bytes. */
function wrongSql(sql: string, what: string, location: unknown): string {
  const bytes = Buffer.from(sql);
  if (typeof location !== 'number' || location > bytes.length) return `the SQL is wrong: ${what}`;
  const before = bytes.subarray(0, location).toString().split('\n');
  return atPlace({ line: before.length, column: (before.at(-1) ?? '').length + 1 }, what);
}

/** DuckDB's message in one line, with the line and column in the statement where it names one. */
export function sqlFault(sql: string, { message }: Error): string {
  const [first = message] = message.split('\n');
  return atPlace(placeOf(sql, message), first);
}

interface Position {
  readonly line: number;
  readonly column: number;
}

function atPlace(place: Position | undefined, what: string): string {
  return `the SQL is wrong${place ? ` at line ${place.line}, column ${place.column}` : ''}: ${what}`;
}

/** DuckDB prints the line, shortened where it is long, with a caret below the fault. */
function placeOf(sql: string, message: string): Position | undefined {
  const found = /\nLINE (\d+): (.*)\n( *)\^/.exec(message);
  if (!found) return undefined;
  const [, number = '', excerpt = '', blanks = ''] = found;
  const line = Number(number);
  const shown = excerpt.replace(/^\.\.\./, '').replace(/\.\.\.$/, '');
  const before = `LINE ${number}: `.length + (excerpt.startsWith('...') ? 3 : 0);
  const start = (sql.split('\n')[line - 1] ?? '').indexOf(shown);
  return { line, column: Math.max(0, start) + blanks.length - before + 1 };
}
