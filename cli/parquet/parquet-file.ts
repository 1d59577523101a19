/**
 * A Parquet file of flat columns, a row group at a time. What stands around the values is written by
 * hyparquet-writer; the values themselves come as bytes, which no writer of JavaScript values takes.
 */

import { closeSync, openSync, writeSync } from 'node:fs';
import type { ColumnChunk, RowGroup } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import type { Column } from './column';
import { packedPresence } from './packed';

const MAGIC = Buffer.from('PAR1');

export class ParquetFile {
  readonly #handle: number;
  readonly #columns: readonly Column[];
  readonly #groups: RowGroup[] = [];
  #position = 0;

  constructor(path: string, columns: readonly Column[]) {
    this.#columns = columns;
    this.#handle = openSync(path, 'w', 0o600);
    this.#write(MAGIC);
  }

  /** Writes so many rows of the columns, which then begin anew. */
  addGroup(rows: number): void {
    const start = this.#position;
    const columns = this.#columns.map((column) => this.#writeColumn(column, rows));
    for (const column of this.#columns) column.clear();
    this.#groups.push({
      columns,
      num_rows: BigInt(rows),
      total_byte_size: BigInt(this.#position - start),
    });
  }

  /** Ends the file: it is none before. */
  end(): void {
    const footer = new ByteWriter();
    writeMetadata(footer, {
      version: 2,
      created_by: 'apigw-logs',
      schema: [
        { name: 'root', num_children: this.#columns.length },
        ...this.#columns.map(({ element }) => element),
      ],
      num_rows: this.#groups.reduce((sum, { num_rows }) => sum + num_rows, 0n),
      row_groups: this.#groups,
      metadata_length: 0,
    });
    this.#write(footer.getBytes());
    this.#write(MAGIC);
    this.close();
  }

  close(): void {
    closeSync(this.#handle);
  }

  #writeColumn(column: Column, rows: number): ColumnChunk {
    const start = this.#position;
    const { dictionary, encoding, bytes, statistics } = column.values();
    if (dictionary) {
      const { length } = dictionary.bytes;
      this.#writeHeader({
        type: 'DICTIONARY_PAGE',
        uncompressed_page_size: length,
        compressed_page_size: length,
        dictionary_page_header: { num_values: dictionary.size, encoding: 'PLAIN' },
      });
      this.#write(dictionary.bytes);
    }
    const dataStart = this.#position;
    const presence = packedPresence(column.present, rows, column.count);
    const size = presence.length + bytes.length;
    const nulls = rows - column.count;
    this.#writeHeader({
      type: 'DATA_PAGE_V2',
      uncompressed_page_size: size,
      compressed_page_size: size,
      data_page_header_v2: {
        num_values: rows,
        num_nulls: nulls,
        num_rows: rows,
        encoding,
        definition_levels_byte_length: presence.length,
        repetition_levels_byte_length: 0,
        is_compressed: false,
      },
    });
    this.#write(presence);
    this.#write(bytes);
    const length = BigInt(this.#position - start);
    return {
      file_offset: BigInt(start),
      meta_data: {
        type: column.type,
        encodings: dictionary ? ['PLAIN', 'RLE', encoding] : ['RLE', encoding],
        path_in_schema: [column.name],
        codec: 'UNCOMPRESSED',
        num_values: BigInt(rows),
        total_uncompressed_size: length,
        total_compressed_size: length,
        data_page_offset: BigInt(dataStart),
        ...(dictionary ? { dictionary_page_offset: BigInt(start) } : {}),
        statistics: { ...statistics, null_count: BigInt(nulls) },
      },
    };
  }

  #writeHeader(header: Parameters<typeof writePageHeader>[1]): void {
    const writer = new ByteWriter();
    writePageHeader(writer, header);
    this.#write(writer.getBytes());
  }

  #write(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(this.#handle, bytes, written);
    }
    this.#position += bytes.length;
  }
}
