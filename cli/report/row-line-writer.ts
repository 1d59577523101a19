/**
 * Writes a line that fits a shape into the columns of rows, by the steps that are known of the shape:
 * values go from the line's bytes to their columns without a text being made of them.
 */

import { copyScratch, Texts } from '../../lambda/core/bytes/output';
import { MAX_END, scratch } from '../../lambda/core/bytes/scratch';
import { derivedToken } from '../../lambda/core/output/layout';
import {
  ATTRIBUTED,
  derivedOf,
  EXTRA,
  type Step,
  TEXT,
  VALUE,
} from '../../lambda/core/output/row-steps';
import { endOfSized, SIZE_BYTES } from '../../lambda/core/output/row-writer';
import {
  ABSENT,
  AS_IT_STANDS,
  type ScannedColumns,
  TOKEN,
  WITHOUT_QUOTES,
} from '../../lambda/core/output/scanned-columns';
import { NULL } from '../../lambda/core/output/tokens';
import type { LineWriter } from '../../lambda/core/output/typed-bytes';
import { tokenText } from '../../lambda/core/record/log-line';
import { ByteSource } from '../parquet/byte-source';
import type { Column } from '../parquet/column';
import { attributedColumns } from './row-layout';
import type { RowTable } from './row-table';

const [QUOTE, COMMA, BACKSLASH, OPEN, CLOSE] = [0x22, 0x2c, 0x5c, 0x7b, 0x7d];

const line = new ByteSource(scratch);

/** A step with the column that it fills. */
interface Filling {
  readonly step: Step;
  readonly column: Column;
}

export class RowLineWriter implements LineWriter {
  readonly #table: RowTable;
  readonly #line: ScannedColumns;
  readonly #fillings: readonly Filling[];
  /** What is the same in all lines of the shape. */
  readonly #constants: readonly (readonly [Column, string])[];
  /** By value: its name as a member of `extra`. */
  readonly #names: Texts;
  /** Those of attributions. */
  #texts: ByteSource | undefined;

  constructor(table: RowTable, line: ScannedColumns, steps: readonly Step[]) {
    this.#table = table;
    this.#line = line;
    this.#names = new Texts(line.shape.names.map((name) => `${JSON.stringify(name)}:`));
    let attributed = 0;
    this.#fillings = steps
      .filter(({ kind }) => kind !== TEXT)
      .map((step) => {
        const name = step.kind === ATTRIBUTED ? attributedColumns[attributed++] : nameIn(step);
        return { step, column: this.#column(name) };
      });
    this.#constants = steps
      .filter(({ kind }) => kind === TEXT)
      .flatMap((step) => Object.entries(membersIn(step)))
      .map(([name, text]) => [this.#column(name), text]);
  }

  /** The row has yet to be ended, or undone. */
  write(start: number, attribution: DataView, from: number): number | undefined {
    const { row } = this.#table;
    const texts = this.#sourceOf(attribution);
    let text = from;
    for (const filling of this.#fillings) {
      switch (filling.step.kind) {
        case VALUE:
          this.#fillValue(filling, row);
          break;
        case ATTRIBUTED:
          text = fillAttributed(filling.column, row, texts, text);
          break;
        case EXTRA:
          if (!this.#fillExtra(filling.column, row, start)) return undefined;
      }
    }
    for (const [column, constant] of this.#constants) column.addText(row, constant);
    return start;
  }

  #column(name: string | undefined): Column {
    const column = name === undefined ? undefined : this.#table.column(name);
    if (!column) throw new Error(`rows have no column ${name}`);
    return column;
  }

  #fillValue({ step, column }: Filling, row: number): void {
    const { states, tokens, shape } = this.#line;
    const { index } = step;
    const state = index < 0 ? ABSENT : (states[index] as number);
    if (state < AS_IT_STANDS) {
      const derived = derivedToken(this.#line, derivedOf(step, this.#line, undefined));
      if (derived !== undefined) fillToken(column, row, derived);
    } else if (state === TOKEN) fillToken(column, row, tokens[index] as string);
    else {
      const start = shape.startOf(index);
      const end = shape.endOf(index);
      if (state === WITHOUT_QUOTES || shape.isPlainString(index)) {
        column.add(row, line, start + 1, end - 1);
      } else if (scratch[start] !== QUOTE) column.add(row, line, start, end);
      else fillToken(column, row, scratch.toString('utf8', start, end));
    }
  }

  #sourceOf(words: DataView): ByteSource {
    if (words !== this.#texts?.words) this.#texts = ByteSource.of(words);
    return this.#texts;
  }

  /** False where it is too long to be written from `start` on. */
  #fillExtra(column: Column, row: number, start: number): boolean {
    const { unknown, displaced } = this.#line;
    if (unknown.length === 0 && displaced.length === 0) return true;
    scratch[start] = OPEN;
    let at = start + 1;
    for (const value of unknown) at = this.#writeMember(value, at);
    for (const value of displaced) at = this.#writeMember(value, at);
    if (at > MAX_END) return false;
    scratch[at - 1] = CLOSE;
    column.add(row, line, start, at);
    return true;
  }

  #writeMember(value: number, from: number): number {
    const { shape } = this.#line;
    const at = this.#names.write(value, from);
    const end = copyScratch(shape.startOf(value), shape.endOf(value), at);
    scratch[end] = COMMA;
    return end + 1;
  }
}

/** Gives where the next text begins. */
function fillAttributed(column: Column, row: number, texts: ByteSource, at: number): number {
  const { bytes, words } = texts;
  const start = at + SIZE_BYTES;
  const end = endOfSized(words, at);
  const isPlain = bytes[start] === QUOTE && !hasEscape(bytes, start, end);
  if (isPlain) column.add(row, texts, start + 1, end - 1);
  else fillToken(column, row, Buffer.from(bytes.subarray(start, end)).toString());
  return end;
}

function hasEscape(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === BACKSLASH) return true;
  return false;
}

function fillToken(column: Column, row: number, token: string): void {
  const text = token === NULL ? undefined : tokenText(token);
  if (text !== undefined) column.addText(row, text);
}

function nameIn({ text }: Step): string {
  const [name = ''] = Object.keys(JSON.parse(`{${text.replace(/"\{$/, '')}0}`));
  return name;
}

function membersIn({ text }: Step): Record<string, string> {
  return JSON.parse(`{${text}}`) as Record<string, string>;
}
