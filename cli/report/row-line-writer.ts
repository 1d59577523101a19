/**
 * Writes a line that fits a shape into the columns of rows, by the steps that are known of the shape:
 * values go from the line's bytes to their columns without a text being made of them.
 */

import { copyScratch, Texts } from '../../lambda/core/bytes/output';
import { MAX_END, scratch } from '../../lambda/core/bytes/scratch';
import { requestEpochIndex, requestTimeIndex } from '../../lambda/core/output/columns';
import { derivedToken, type ValueMember } from '../../lambda/core/output/layout';
import { ATTRIBUTED, EXTRA, type Step, TEXT, VALUE } from '../../lambda/core/output/row-steps';
import { endOfSized, SIZE_BYTES } from '../../lambda/core/output/row-writer';
import {
  AS_IT_STANDS,
  NONE,
  type ScannedColumns,
  TOKEN,
  WITHOUT_QUOTES,
} from '../../lambda/core/output/scanned-columns';
import { NULL } from '../../lambda/core/output/tokens';
import type { LineWriter } from '../../lambda/core/output/typed-bytes';
import { tokenText } from '../../lambda/core/record/log-line';
import { ByteSource } from '../parquet/byte-source';
import type { Column } from '../parquet/column';
import type { NumberColumn } from '../parquet/number-column';
import { TextColumn } from '../parquet/text-column';
import type { DerivedNumbers } from './derived-numbers';
import { attributedColumns } from './row-layout';
import type { RowTable } from './row-table';

const [QUOTE, COMMA, BACKSLASH, OPEN, CLOSE] = [0x22, 0x2c, 0x5c, 0x7b, 0x7d];

const line = new ByteSource(scratch);

/** A value of the line with the column that it fills. */
interface Filling {
  readonly value: number;
  readonly column: Column;
}

/** A column that is derived from other columns. */
interface Derivation {
  readonly column: TextColumn;
  readonly derive: NonNullable<ValueMember['derive']>;
  /** By the value that alone decides; null where no column has it, undefined until it is known. */
  numbers: DerivedNumbers | null | undefined;
}

export class RowLineWriter implements LineWriter {
  readonly #table: RowTable;
  readonly #line: ScannedColumns;
  readonly #fillings: readonly Filling[];
  /** The columns of the request's time. */
  readonly #times: readonly NumberColumn[];
  readonly #attributed: readonly Column[];
  readonly #derivations: readonly Derivation[];
  readonly #extra: Column;
  /** What is the same in all lines of the shape. */
  readonly #constants: readonly (readonly [Column, string])[];
  /** By value: its name as a member of `extra`. */
  readonly #names: Texts;
  /** The texts of attributions. */
  #attributions: ByteSource | undefined;

  constructor(table: RowTable, line: ScannedColumns, steps: readonly Step[]) {
    this.#table = table;
    this.#line = line;
    this.#names = new Texts(line.shape.names.map((name) => `${JSON.stringify(name)}:`));
    const times = [requestTimeIndex, requestEpochIndex].map((index) => line.valueAt(index));
    const fillings = steps
      .filter(({ kind, index }) => kind === VALUE && index >= 0)
      .map((step) => ({ value: step.index, column: this.#column(nameIn(step)) }));
    this.#fillings = fillings.filter(({ value }) => !times.includes(value));
    this.#times = fillings
      .filter(({ value }) => times.includes(value))
      .map(({ column }) => column as NumberColumn);
    this.#attributed = steps
      .filter(({ kind }) => kind === ATTRIBUTED)
      .map((_, index) => this.#column(attributedColumns[index]));
    this.#derivations = steps.flatMap((step) => this.#derivationOf(step));
    this.#extra = this.#column(nameIn(steps.find(({ kind }) => kind === EXTRA) as Step));
    this.#constants = steps
      .filter(({ kind }) => kind === TEXT)
      .flatMap((step) => Object.entries(membersIn(step)))
      .map(([name, text]) => [this.#column(name), text]);
  }

  /** The row has yet to be ended, or undone. */
  write(start: number, attribution: DataView, from: number): number | undefined {
    const { row } = this.#table;
    if (!this.#fillExtra(row, start)) return undefined;
    this.#fillValues(row);
    this.#fillTimes(row);
    this.#fillAttributed(row, attribution, from);
    for (const derivation of this.#derivations) this.#derive(derivation, row);
    for (const [column, constant] of this.#constants) column.addText(row, constant);
    return start;
  }

  #column(name: string | undefined): Column {
    const column = name === undefined ? undefined : this.#table.column(name);
    if (!column) throw new Error(`rows have no column ${name}`);
    return column;
  }

  #derivationOf({ kind, index, derive, text }: Step): Derivation[] {
    if (kind !== VALUE || index >= 0 || !derive) return [];
    const column = this.#column(nameIn({ text })) as TextColumn;
    return [{ column, derive, numbers: undefined }];
  }

  #fillValues(row: number): void {
    const { states, tokens, shape } = this.#line;
    const fillings = this.#fillings;
    for (let index = 0; index < fillings.length; index++) {
      const { value, column } = fillings[index] as Filling;
      const state = states[value] as number;
      if (state < AS_IT_STANDS) continue;
      if (state === TOKEN) {
        fillToken(column, row, tokens[value] as string);
        continue;
      }
      const start = shape.startOf(value);
      const end = shape.endOf(value);
      if (state === WITHOUT_QUOTES || shape.isPlainString(value)) {
        column.add(row, line, start + 1, end - 1);
      } else if (scratch[start] !== QUOTE) column.add(row, line, start, end);
      else fillToken(column, row, scratch.toString('utf8', start, end));
    }
  }

  #fillTimes(row: number): void {
    const { requestInstant } = this.#line;
    if (!requestInstant) return;
    for (const column of this.#times) column.addNumber(row, requestInstant.epochMs);
  }

  #fillAttributed(row: number, words: DataView, from: number): void {
    if (words !== this.#attributions?.words) this.#attributions = ByteSource.of(words);
    const texts = this.#attributions;
    let at = from;
    for (const column of this.#attributed) {
      const start = at + SIZE_BYTES;
      at = endOfSized(words, at);
      const isPlain = texts.bytes[start] === QUOTE && !hasEscape(texts.bytes, start, at);
      if (isPlain) column.add(row, texts, start + 1, at - 1);
      else fillToken(column, row, Buffer.from(texts.bytes.subarray(start, at)).toString());
    }
  }

  #derive(derivation: Derivation, row: number): void {
    if (derivation.numbers?.fill(row)) return;
    const { column, derive } = derivation;
    this.#line.asked = NONE;
    const token = derivedToken(this.#line, derive(this.#line, undefined));
    if (token !== undefined) fillToken(column, row, token);
    // What is asked for first is the same in all lines of a shape: an answer decides what is asked next.
    const { asked } = this.#line;
    if (asked < 0) return;
    if (derivation.numbers === undefined) derivation.numbers = this.#numbersOf(asked, column);
    derivation.numbers?.learn(row);
  }

  /** What is known of a column by a value that decides of it. */
  #numbersOf(value: number, column: TextColumn): DerivedNumbers | null {
    const source = this.#fillings.find((filling) => filling.value === value)?.column;
    return (source instanceof TextColumn && this.#table.derivedNumbers(source, column)) || null;
  }

  /** False where it is too long to be written from `start` on. */
  #fillExtra(row: number, start: number): boolean {
    const { unknown, displaced } = this.#line;
    if (unknown.length === 0 && displaced.length === 0) return true;
    scratch[start] = OPEN;
    let at = start + 1;
    for (const value of unknown) at = this.#writeMember(value, at);
    for (const value of displaced) at = this.#writeMember(value, at);
    if (at > MAX_END) return false;
    scratch[at - 1] = CLOSE;
    this.#extra.add(row, line, start, at);
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

function hasEscape(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === BACKSLASH) return true;
  return false;
}

function fillToken(column: Column, row: number, token: string): void {
  const text = token === NULL ? undefined : tokenText(token);
  if (text !== undefined) column.addText(row, text);
}

function nameIn({ text }: Pick<Step, 'text'>): string {
  const [name = ''] = Object.keys(JSON.parse(`{${text.replace(/"\{$/, '')}0}`));
  return name;
}

function membersIn({ text }: Step): Record<string, string> {
  return JSON.parse(`{${text}}`) as Record<string, string>;
}
