/**
 * A typed output as data: what stands in a line, in which order, and where it comes from. The general path
 * interprets this for each line; the fast path compiles it once for all lines with the same names.
 */

import type { CustomerColumn } from '../catalog/customer';
import type { ColumnConfig, Columns, Fact } from './columns';

export interface Layout {
  readonly config: ColumnConfig;
  /** Applied in this order, to columns that have a value, when all of them are read: the tokens to be written. */
  readonly conversions: readonly Fact<string>[];
  readonly parts: readonly Part[];
  /** The fast path takes no line that has one of these names. */
  readonly namesLeftOut?: readonly string[];
}

export type Part = ObjectStart | ObjectEnd | ValueMember | Extra | Original | Attributed;

/** An object within the line, left out where it would be empty. */
export interface ObjectStart {
  readonly opens: string;
}

export interface ObjectEnd {
  readonly closes: true;
}

/** A member, left out where it has no value. */
export interface ValueMember {
  /** The name, quoted, and a colon. */
  readonly key: string;
  /** The index of the column that it is the value of. */
  readonly index?: number;
  /** Whether a column is written that the line has, but without a value. */
  readonly writesNull?: true;
  /** Returns the token where no column has one. */
  readonly derive?: (line: Columns, arrivedAt: number | undefined) => Derived;
  /** Whether what is derived depends on more than the line. */
  readonly varies?: true;
}

/** What no column has room for, left out where there is nothing. */
export interface Extra {
  readonly extraKey: string;
}

/** The line as it came, with its secrets treated, as a JSON string. */
export interface Original {
  readonly originalKey: string;
}

/** A token, undefined where there is none, or where to copy one from without making a string of it. */
export type Derived = string | Copy | undefined;

/** The tokens of columns that have values, with a comma between two, and what stands around them. */
export interface Copy {
  readonly before: string;
  readonly indexes: readonly number[];
  readonly after: string;
}

export function derivedToken(line: Columns, derived: Derived): string | undefined {
  if (typeof derived !== 'object') return derived;
  const { before, indexes, after } = derived;
  return `${before}${indexes.map((index) => line.token(index)).join(',')}${after}`;
}

/** Members that an attribution decides of. */
export interface Attributed {
  /** Their text, each with a comma after it. */
  attributed(tokens: AttributedTokens, columns: readonly CustomerColumn[]): string;
}

/** The plan and the customer of a line: what the attribution found, or what the line carries itself. */
export interface AttributedTokens {
  readonly usagePlan: string;
  readonly usagePlanId: string;
  readonly customerName: string;
  /** The token of a further column that is configured. */
  column(column: CustomerColumn): string;
}
