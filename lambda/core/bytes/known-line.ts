/**
 * All that stands between the values of lines with one shape, in a row, so that such a line is read in one
 * walk that compares what is known and looks only for where each value ends.
 */

import type { LineShape } from './line-shape';
import { wordsOfCopy } from './scratch';

/** What stands before a value, or after the last one. */
interface KnownPart<Node> {
  readonly bytes: Uint8Array;
  /** The index of the value among the members. */
  readonly member: number;
  /** Whether more than bytes has to be looked at. */
  readonly isSpecial: boolean;
  readonly node: Node;
}

export class KnownLine<Node> {
  readonly shape: LineShape;
  /** By part. */
  readonly nodes: readonly Node[];
  readonly members: Int32Array;
  readonly isSpecial: Uint8Array;
  /** All parts in a row. */
  readonly words: DataView;
  /** By part: where it begins, and where the last one ends. */
  readonly starts: Int32Array;

  constructor(shape: LineShape, parts: readonly KnownPart<Node>[]) {
    this.shape = shape;
    this.nodes = parts.map(({ node }) => node);
    this.members = Int32Array.from(parts, ({ member }) => member);
    this.isSpecial = Uint8Array.from(parts, ({ isSpecial }) => (isSpecial ? 1 : 0));
    this.words = wordsOfCopy(Buffer.concat(parts.map(({ bytes }) => bytes)));
    this.starts = new Int32Array(parts.length + 1);
    for (const [part, { bytes }] of parts.entries()) {
      this.starts[part + 1] = (this.starts[part] as number) + bytes.length;
    }
  }
}
