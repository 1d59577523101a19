/**
 * A view as Athena keeps it in Glue: the statement and its columns, in base64 in a comment.
 *
 * @see https://github.com/trinodb/trino: `ViewReaderUtil` reads, and `ConnectorViewDefinition` describes it
 */

export interface ViewColumn {
  readonly name: string;
  /** Trino's type. */
  readonly type: string;
}

/** What stands in the view's original text. */
export function viewText(database: string, sql: string, columns: readonly ViewColumn[]): string {
  const definition = {
    originalSql: sql,
    catalog: 'awsdatacatalog',
    schema: database,
    columns: columns.map(({ name, type }) => ({ name, type })),
  };
  return `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`;
}

/** Hive's word for a type of Trino's, as Glue lists a view's columns. */
export function hiveTypeOf(trinoType: string): string {
  const words: Readonly<Record<string, string>> = { varchar: 'string', integer: 'int' };
  return words[trinoType] ?? trinoType.replace(/\(\d+\)$/, '');
}
