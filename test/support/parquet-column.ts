import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** A file of Parquet as it was before there was a column. */
export async function withoutColumn(body: Buffer, column: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
  const [before, after] = [join(folder, 'before'), join(folder, 'after')];
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    writeFileSync(before, body);
    await connection.run(
      `copy (select * exclude (${column}) from read_parquet('${before}')) to '${after}' (format parquet)`,
    );
    return readFileSync(after);
  } finally {
    connection.closeSync();
    rmSync(folder, { recursive: true });
  }
}
