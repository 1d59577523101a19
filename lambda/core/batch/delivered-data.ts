/**
 * The data of a batch's records. Their lines are written to `scratch`, one record after the other, and
 * many records are encoded as base64 at once: to encode each of them alone takes longer than to read it.
 */

import type { FirehoseTransformationResultRecord } from 'aws-lambda';
import { OUTPUT_START, scratch } from '../bytes/scratch';

/** So much is encoded at once: a text that is not yet a large object for V8. */
const CHUNK_BYTES = 32 * 1024;
/** The most bytes of UTF-8 that a unit of UTF-16 takes. */
const MAX_BYTES_OF_UNIT = 3;

/** By how many bytes are in the last group of three: the padding for those that are missing. */
const paddings = ['', '==', '='];

type Result = Pick<FirehoseTransformationResultRecord, 'data'>;

export class DeliveredData {
  /** Where the record begins, as far as it is not encoded yet: at a multiple of 3. */
  #start = OUTPUT_START;
  #at = OUTPUT_START;
  /** What is encoded of the record. */
  #encoded = '';
  #lines = 0;
  /** The records that wait for their data, and where each ends. */
  #waiting: Result[] = [];
  #ends: number[] = [];

  /** Where in `scratch` the record's next line is to be written. */
  get at(): number {
    return this.#at;
  }

  /** How many lines the record has so far. */
  get lines(): number {
    return this.#lines;
  }

  /** Length of the record's base64 data so far. */
  get base64Length(): number {
    return this.#encoded.length + base64Length(this.#at - this.#start);
  }

  /** Begins a record; what was written of one before it that has not ended is forgotten. */
  begin(): void {
    this.#at = this.#start;
    this.#encoded = '';
    this.#lines = 0;
  }

  /** Takes the line that was written at `at`, with its line feed. */
  endLine(end: number): void {
    this.#lines++;
    this.#addUpTo(end);
  }

  addLine(line: string): void {
    this.#lines++;
    if (MAX_BYTES_OF_UNIT * line.length <= CHUNK_BYTES) {
      this.#addUpTo(this.#at + scratch.write(line, this.#at));
      return;
    }
    const bytes = Buffer.from(line);
    for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
      this.#addUpTo(this.#at + bytes.copy(scratch, this.#at, from, from + CHUNK_BYTES));
    }
  }

  /** Ends a record. Its result gets the data now or with `end`. */
  endRecord(result: Result): void {
    if (this.#encoded !== '') {
      result.data = this.#encoded + scratch.toString('base64', this.#start, this.#at);
    } else {
      this.#waiting.push(result);
      this.#ends.push(this.#at);
      // As if the last group of three were whole.
      scratch[this.#at] = 0;
      scratch[this.#at + 1] = 0;
      this.#start += 3 * Math.ceil((this.#at - this.#start) / 3);
    }
    this.begin();
  }

  /** Sets the data of all records. */
  end(): void {
    this.begin();
    this.#encode();
  }

  #addUpTo(end: number): void {
    this.#at = end;
    if (end >= OUTPUT_START + CHUNK_BYTES) this.#encode();
  }

  /** Encodes all that is written, but for a last group of three that is not whole. */
  #encode(): void {
    const rest = (this.#at - this.#start) % 3;
    const text = scratch.toString('base64', OUTPUT_START, this.#at - rest);
    let start = 0;
    for (let index = 0; index < this.#waiting.length; index++) {
      const bytes = (this.#ends[index] as number) - OUTPUT_START - (start / 4) * 3;
      const end = start + Math.ceil((bytes * 4) / 3);
      (this.#waiting[index] as Result).data = text.slice(start, end) + paddings[bytes % 3];
      start += base64Length(bytes);
    }
    this.#encoded += text.slice(start);
    this.#waiting = [];
    this.#ends = [];
    scratch.copyWithin(OUTPUT_START, this.#at - rest, this.#at);
    this.#start = OUTPUT_START;
    this.#at = OUTPUT_START + rest;
  }
}

function base64Length(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}
