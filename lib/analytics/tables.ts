/** The tables and views of the analytics in Glue's catalog. */

import { Aws } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { accessViewColumns, accessViewSql } from '../../analytics/athena/access-view';
import { CLOSED_TABLE, closedColumns, requestsViewSql } from '../../analytics/athena/closed-days';
import { hiveTypeOf, type ViewColumn, viewText } from '../../analytics/athena/glue-view';
import {
  LINE_TABLE,
  type LineTableOptions,
  lineTable,
  type TableColumn,
} from '../../analytics/athena/line-table';
import { rollups } from '../../analytics/athena/rollups';
import { relations } from '../../analytics/schema';

export interface AnalyticsTablesProps {
  readonly database: string;
  readonly lines: LineTableOptions;
  /** `s3://bucket/analytics/` */
  readonly location: string;
}

const TEXT_INPUT = 'org.apache.hadoop.mapred.TextInputFormat';
const TEXT_OUTPUT = 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat';
/** How a table of Parquet is read. */
export const PARQUET = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serdeInfo: {
    serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  },
};

export class AnalyticsTables extends Construct {
  readonly database: CfnDatabase;
  readonly #name: string;

  constructor(scope: Construct, id: string, props: AnalyticsTablesProps) {
    super(scope, id);
    const { lines, location } = props;
    this.#name = props.database;
    this.database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: props.database, description: 'API Gateway access logs' },
    });

    const table = lineTable(lines);
    this.#table('Lines', LINE_TABLE, {
      tableType: 'EXTERNAL_TABLE',
      parameters: { EXTERNAL: 'TRUE', classification: 'json', ...table.parameters },
      partitionKeys: [...table.partitions],
      storageDescriptor: {
        columns: [...table.columns],
        location: lines.location,
        inputFormat: TEXT_INPUT,
        outputFormat: TEXT_OUTPUT,
        serdeInfo: { serializationLibrary: table.serde, parameters: { ...table.serdeParameters } },
      },
    });
    this.#view('Access', relations.access, accessViewSql(lines), accessViewColumns);
    this.#parquet('Closed', CLOSED_TABLE, closedColumns, location);
    for (const rollup of rollups)
      this.#parquet(rollup.table, rollup.table, rollup.columns, location);
    // The function that closes days replaces it, by one that reads those days.
    this.#view(
      'Requests',
      relations.requests,
      requestsViewSql(undefined),
      accessViewColumns.filter(({ name }) => name !== 'hour'),
    );
  }

  #parquet(id: string, name: string, columns: readonly TableColumn[], location: string): void {
    this.#table(id, name, {
      tableType: 'EXTERNAL_TABLE',
      parameters: { EXTERNAL: 'TRUE', classification: 'parquet' },
      partitionKeys: [{ name: 'day', type: 'date' }],
      storageDescriptor: { columns: [...columns], location: `${location}${name}/`, ...PARQUET },
    });
  }

  #view(id: string, name: string, sql: string, columns: readonly ViewColumn[]): void {
    this.#table(id, name, {
      tableType: 'VIRTUAL_VIEW',
      parameters: { presto_view: 'true', comment: 'Presto View' },
      viewOriginalText: viewText(this.#name, sql, columns),
      viewExpandedText: '/* Presto View */',
      storageDescriptor: {
        columns: columns.map(({ name: column, type }) => ({
          name: column,
          type: hiveTypeOf(type),
        })),
        serdeInfo: {},
      },
    });
  }

  #table(id: string, name: string, input: CfnTable.TableInputProperty): void {
    const table = new CfnTable(this, id, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.database.ref,
      tableInput: { name, ...input },
    });
    table.node.addDependency(this.database);
  }
}
