/**
 * Reads a line in `scratch` in one walk that checks all of it and finds its values. What stands between
 * two values, the names above all, is compared with what stood there in lines before, which takes a
 * fraction of reading it; only what is new is read, and remembered.
 *
 * What is remembered is a tree: each node is what stood between two values, or after the last one, and
 * its children are what came next. The way to a leaf is the shape of a line. Where lines have gone a way
 * to its end, the next ones are compared with all of it in a row, as far as they go the same way.
 */

import { isUtf8 } from 'node:buffer';
import type { NamedMember, Names } from '../names';
import { MAX_LINE_BYTES } from './input';
import { endOfBlanks, endOfRun, endOfValue, skipBlanks } from './json-bytes';
import { KnownLine } from './known-line';
import { LineShape, type ScannedLine } from './line-shape';
import { isInScratch, scratch, wordsOfCopy } from './scratch';

const TAB = 0x09;
const LINE_FEED = 0x0a;
const BLANK = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;

const MAX_MEMBERS = 512;
const MAX_DEPTH = 16;
/** Formats that log into one stream. */
const MAX_CHILDREN = 16;
/** Beyond, all is forgotten: names that are always new must not take the memory. */
const MAX_NODES = 8192;
const MAX_KNOWN_BYTES = 4 * 1024 * 1024;

/** An object, of a line or the line itself, whose members are read one by one. */
interface OpenObject {
  /** What its members' names begin with. */
  readonly prefix: string;
  /** Its index among the members, below 0 for the line. */
  readonly member: number;
}

/** Where, from a node's first byte on, an object of the line begins or ends. */
interface Edge {
  readonly member: number;
  readonly offset: number;
}

class Node {
  readonly length: number;
  readonly bytes: Uint8Array;
  readonly #words: DataView;
  readonly children: Node[] = [];
  /** The child that was found last: nearly always it is the next one, too. */
  last = 0;
  /** What comes next of the children that are replaced. */
  turn = 0;
  readonly members: readonly NamedMember[];
  readonly open: readonly OpenObject[];
  readonly opened: readonly Edge[];
  readonly closed: readonly Edge[];
  /** Whether an object after it is to be read member by member. */
  readonly mayHoldFields: boolean;
  /** The shape of a line that ends with this node. */
  readonly shape: LineShape | undefined;
  /** The line whose way led here last, where its shape came more than once. */
  line: KnownLine<Node> | undefined;
  /** Lines that have ended with it. */
  lines = 0;

  constructor(bytes: Uint8Array, state: Omit<Draft, 'at'>, shape?: LineShape) {
    this.length = bytes.length;
    this.bytes = bytes;
    this.#words = wordsOfCopy(bytes);
    this.members = state.members;
    this.open = state.open;
    this.opened = state.opened;
    this.closed = state.closed;
    this.mayHoldFields = state.mayHoldFields;
    this.shape = shape;
  }

  /** The index of the value that stands after it. */
  get member(): number {
    return this.members.length - 1;
  }

  get hasEdges(): boolean {
    return this.opened.length + this.closed.length > 0;
  }

  standsAt(at: number): boolean {
    return isInScratch(this.#words, 0, this.length, at);
  }
}

/** A node that is being read. */
interface Draft {
  at: number;
  members: NamedMember[];
  open: OpenObject[];
  opened: Edge[];
  closed: Edge[];
  mayHoldFields: boolean;
}

export class LineScanner {
  readonly #names: Names;
  readonly #line: ScannedLine = {
    spans: new Int32Array(2 * MAX_MEMBERS),
    isPlain: new Uint8Array(MAX_MEMBERS),
    start: 0,
    close: 0,
    next: 0,
    isAscii: true,
  };
  #root = rootNode();
  #nodes = 0;
  #knownBytes = 0;
  /** The nodes of the line that is being read, and how many there are so far. */
  readonly #way: Node[] = [];
  #parts = 0;

  constructor(names: Names) {
    this.#names = names;
  }

  /**
   * The shape of the line that begins at `from` in the first `length` bytes of `scratch`; undefined where
   * it is none, or is left to the general path. Overwrites the byte after them.
   */
  scan(from: number, length: number): LineShape | undefined {
    // No check of the offset is needed below: a 0 is valid nowhere in a line.
    scratch[length] = 0;
    this.#line.start = from;
    this.#line.isAscii = true;
    this.#parts = 0;
    let node = this.#root;
    let at = from;
    for (;;) {
      if (node.line) {
        const { line } = node;
        at = this.#follow(line, at);
        if (at < 0) return undefined;
        if (this.#parts === line.nodes.length)
          return this.#isWhole(at, length) ? line.shape : undefined;
        if (this.#parts > 0) node = this.#way[this.#parts - 1] as Node;
      }
      const next = this.#nextOf(node, at);
      if (!next) return undefined;
      if (next.hasEdges) this.#noteObjects(next, at);
      at += next.length;
      this.#way[this.#parts++] = next;
      if (next.shape) {
        if (!this.#isWhole(at, length)) return undefined;
        this.#remember(next, next.shape);
        return next.shape;
      }
      at = this.#readValue(next.member, at);
      if (at < 0) return undefined;
      node = next;
    }
  }

  /**
   * Reads as much as is equal to a known line. Returns the offset after it, which is below 0 where what
   * follows cannot be read.
   */
  #follow(line: KnownLine<Node>, from: number): number {
    const { nodes, members, isSpecial, words, starts } = line;
    const { spans, isPlain } = this.#line;
    const last = nodes.length - 1;
    let part = this.#parts;
    let known = starts[part] as number;
    let at = from;
    for (; ; part++) {
      const start = at;
      const knownEnd = starts[part + 1] as number;
      const length = knownEnd - known;
      if (!isInScratch(words, known, length, at)) return this.#leave(nodes, part, start);
      known = knownEnd;
      at += length;
      if (isSpecial[part] === 1) {
        const node = nodes[part] as Node;
        if (!fitsBehind(node, at)) return this.#leave(nodes, part, start);
        this.#noteObjects(node, start);
      }
      if (part === last) {
        this.#parts = nodes.length;
        return at;
      }
      const member = members[part] as number;
      if (scratch[at] === QUOTE) {
        const quote = endOfRun(scratch, at + 1);
        if (scratch[quote] === QUOTE) {
          spans[2 * member] = at;
          at = quote + 1;
          spans[2 * member + 1] = at;
          isPlain[member] = 1;
          continue;
        }
      } else if (!fitsBehind(nodes[part] as Node, at)) return this.#leave(nodes, part, start);
      at = this.#readValue(member, at);
      if (at < 0) return at;
    }
  }

  /** Notes how far a known line was followed. */
  #leave(nodes: readonly Node[], parts: number, at: number): number {
    for (let part = this.#parts; part < parts; part++) this.#way[part] = nodes[part] as Node;
    this.#parts = parts;
    return at;
  }

  /** Makes the way of a line that has just ended the one to be tried first where none is yet. */
  #remember(end: Node, shape: LineShape): void {
    if (end.lines++ === 0) return;
    const way = this.#way.slice(0, this.#parts);
    if (!end.line) {
      end.line = new KnownLine(
        shape,
        way.map((node) => ({
          bytes: node.bytes,
          member: node.member,
          isSpecial: node.hasEdges || node.mayHoldFields,
          node,
        })),
      );
      this.#knownBytes += end.line.words.byteLength;
    }
    if (this.#knownBytes > MAX_KNOWN_BYTES) {
      this.#forget();
      return;
    }
    this.#root.line ??= end.line;
    for (const node of way) node.line ??= end.line;
  }

  /** Returns the offset after the value, below 0 where it is none, or is left to the general path. */
  #readValue(member: number, start: number): number {
    const line = this.#line;
    let end = 0;
    let isPlain = 0;
    if (scratch[start] === QUOTE) {
      end = endOfRun(scratch, start + 1) + 1;
      if (scratch[end - 1] === QUOTE) isPlain = 1;
    }
    if (isPlain === 0) {
      end = endOfValue(scratch, start);
      if (end < 0) return -1;
      line.isAscii &&= isAscii(start, end);
    }
    line.spans[2 * member] = start;
    line.spans[2 * member + 1] = end;
    line.isPlain[member] = isPlain;
    return end;
  }

  #isWhole(end: number, length: number): boolean {
    const line = this.#line;
    line.close = end - 1;
    line.next = endOfBlanks(scratch, end);
    if (line.next < length && !hasLineFeed(end, line.next)) return false;
    if (end - line.start > MAX_LINE_BYTES) return false;
    return line.isAscii || isUtf8(scratch.subarray(line.start, end));
  }

  #forget(): void {
    this.#root = rootNode();
    this.#nodes = 0;
    this.#knownBytes = 0;
  }

  #noteObjects({ opened, closed }: Node, at: number): void {
    const { spans, isPlain } = this.#line;
    for (const { member, offset } of opened) {
      spans[2 * member] = at + offset;
      isPlain[member] = 0;
    }
    for (const { member, offset } of closed) spans[2 * member + 1] = at + offset;
  }

  #nextOf(node: Node, at: number): Node | undefined {
    const { children } = node;
    for (let tried = 0; tried < children.length; tried++) {
      const index = (node.last + tried) % children.length;
      const child = children[index] as Node;
      if (!child.standsAt(at) || !fitsBehind(child, at + child.length)) continue;
      node.last = index;
      return child;
    }
    return this.#read(node, at);
  }

  #read(node: Node, from: number): Node | undefined {
    if (this.#nodes === MAX_NODES || this.#knownBytes > MAX_KNOWN_BYTES) {
      this.#forget();
      return undefined;
    }
    const draft: Draft = {
      at: from,
      members: [...node.members],
      open: [...node.open],
      opened: [],
      closed: [],
      mayHoldFields: false,
    };
    if (!(node === this.#root ? openLine(draft) : closeObjects(draft, from))) return undefined;
    const isEnd = draft.open.length === 0;
    if (!isEnd && !this.#readNames(draft, from)) return undefined;
    const bytes = Uint8Array.from(scratch.subarray(from, draft.at));
    const shape = isEnd ? new LineShape(draft.members, this.#names, this.#line) : undefined;
    const child = new Node(bytes, draft, shape);
    const isFull = node.children.length === MAX_CHILDREN;
    node.last = isFull ? node.turn++ % MAX_CHILDREN : node.children.length;
    node.children[node.last] = child;
    this.#nodes++;
    this.#knownBytes += child.length;
    return child;
  }

  /** A name, and those of an object's first members where it is read member by member. */
  #readNames(draft: Draft, from: number): boolean {
    for (;;) {
      if (scratch[draft.at] !== QUOTE) return false;
      const end = endOfRun(scratch, draft.at + 1);
      if (scratch[end] !== QUOTE || draft.members.length === MAX_MEMBERS) return false;
      const { prefix, member } = draft.open.at(-1) as OpenObject;
      const name = prefix + scratch.toString('latin1', draft.at + 1, end);
      const colon = skipBlanks(scratch, end + 1);
      if (scratch[colon] !== COLON) return false;
      draft.at = skipBlanks(scratch, colon + 1);
      const index = draft.members.push({ name, parent: member }) - 1;
      draft.mayHoldFields = this.#names.mayHoldFields(name);
      if (!draft.mayHoldFields || !hasMembers(draft.at)) return true;
      if (draft.open.length === MAX_DEPTH) return false;
      draft.opened.push({ member: index, offset: draft.at - from });
      draft.open.push({ prefix: `${name}.`, member: index });
      draft.at = skipBlanks(scratch, draft.at + 1);
    }
  }
}

function rootNode(): Node {
  return new Node(new Uint8Array(0), {
    members: [],
    open: [{ prefix: '', member: -1 }],
    opened: [],
    closed: [],
    mayHoldFields: false,
  });
}

/** Whether the value that begins there can be read as the one after the node. */
function fitsBehind({ shape, mayHoldFields }: Node, at: number): boolean {
  if (shape) return true;
  const byte = scratch[at];
  return byte !== BLANK && byte !== TAB && !(mayHoldFields && hasMembers(at));
}

/** Whether an object begins there that is not empty. */
function hasMembers(at: number): boolean {
  return scratch[at] === OPEN && scratch[skipBlanks(scratch, at + 1)] !== CLOSE;
}

function openLine(draft: Draft): boolean {
  if (scratch[draft.at] !== OPEN) return false;
  draft.at = skipBlanks(scratch, draft.at + 1);
  return true;
}

/** What ends after a value, up to the next name or to the end of the line. */
function closeObjects(draft: Draft, from: number): boolean {
  draft.at = skipBlanks(scratch, draft.at);
  while (scratch[draft.at] === CLOSE) {
    draft.at++;
    const { member } = draft.open.pop() as OpenObject;
    if (draft.open.length === 0) return true;
    draft.closed.push({ member, offset: draft.at - from });
    draft.at = skipBlanks(scratch, draft.at);
  }
  if (scratch[draft.at] !== COMMA) return false;
  draft.at = skipBlanks(scratch, draft.at + 1);
  return true;
}

function hasLineFeed(start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (scratch[at] === LINE_FEED) return true;
  return false;
}

function isAscii(start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((scratch[at] as number) >= 0x80) return false;
  return true;
}
