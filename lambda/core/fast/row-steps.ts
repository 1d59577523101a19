/**
 * A layout for the lines of one shape: what can be told of all of them is worked out here, once. There
 * are no steps for members and objects that such lines never have, and what is always the same is text.
 *
 * What derives a token is run on a line that has no value at all. If what it asks for there is nothing
 * that lines of the shape have, it gets the same answers from all of them, hence gives the same token.
 */

import type { Layout, Value } from '../render/layout';
import { NULL } from '../render/tokens';
import { Text } from './output';
import { Readings } from './readings';
import { asked, type ScannedColumns } from './scanned-columns';

export const kind = { text: 0, value: 1, extra: 2, attributed: 3, opens: 4, closes: 5 } as const;

type Kind = (typeof kind)[keyof typeof kind];

export interface Step {
  readonly kind: Kind;
  /** What is written, or what is written before a value. */
  readonly text: Text;
  /** A value's number, below 0 for none. */
  readonly index: number;
  /** What is written in place of a value that says nothing. */
  readonly emptyText: Text | undefined;
  readonly derive: Value['derive'];
  /** What was derived from values that came before; undefined where more than a value decides. */
  readonly derived: Readings<string> | undefined;
  /** The value that is asked for to derive another, once it is known. */
  derivedFrom: number;
  /** Where in the text objects begin. */
  readonly offsets: readonly number[];
  /** How many objects end. */
  readonly count: number;
}

type Draft = Partial<Omit<Step, 'text' | 'emptyText' | 'offsets' | 'count'>> & {
  readonly kind: Kind;
  text: string;
  emptyText?: string | undefined;
  offsets: number[];
  count: number;
};

export function stepsOf({ parts }: Layout, line: ScannedColumns): Step[] {
  const drafts = new Drafts();
  for (const part of parts) {
    if ('opens' in part) drafts.open(part.opens);
    else if ('closes' in part) drafts.close();
    else if ('attributed' in part) drafts.add({ kind: kind.attributed });
    else if ('extraKey' in part) drafts.add({ kind: kind.extra, text: `${part.extraKey}"{` });
    else addValue(part, line, drafts);
  }
  return drafts.all.map(stepOf);
}

function addValue(part: Value, line: ScannedColumns, drafts: Drafts): void {
  const { key, place, writesNull, derive, dependsOnArrival } = part;
  const index = place === undefined ? -1 : line.valueAt(place);
  line.asked = asked.none;
  const token = derive?.(line, undefined);
  const isSettled = line.asked === asked.none && !dependsOnArrival;
  if (index < 0 && isSettled) {
    if (typeof token === 'string') drafts.write(`${key}${token},`);
    return;
  }
  drafts.add({
    kind: kind.value,
    index,
    text: key,
    emptyText: writesNull && `${key}${NULL},`,
    derive: isSettled ? () => token : derive,
    derived: isSettled || dependsOnArrival ? undefined : new Readings<string>(),
  });
}

class Drafts {
  readonly all: Draft[] = [];

  add(draft: Partial<Draft> & { readonly kind: Kind }): void {
    this.all.push({ text: '', offsets: [], count: 0, ...draft });
  }

  write(text: string): void {
    const last = this.all.at(-1);
    if (last?.kind === kind.text || last?.kind === kind.opens) last.text += text;
    else this.add({ kind: kind.text, text });
  }

  open(key: string): void {
    const last = this.all.at(-1);
    if (last?.kind !== kind.opens || !last.text.endsWith('{')) {
      this.add({ kind: kind.opens, text: `${key}{`, offsets: [0] });
    } else {
      last.offsets.push(last.text.length);
      last.text += `${key}{`;
    }
  }

  /** An object of which all is known is a text like any other; an empty one is none. */
  close(): void {
    const last = this.all.at(-1);
    if (last?.kind === kind.closes) last.count++;
    else if (last?.kind !== kind.opens) this.add({ kind: kind.closes, count: 1 });
    else {
      const offset = last.offsets.pop() as number;
      const object = last.text.slice(offset);
      last.text = last.text.slice(0, offset);
      if (offset === 0) this.all.pop();
      if (!object.endsWith('{')) this.write(`${object.slice(0, -1)}},`);
    }
  }
}

function stepOf({ text, emptyText, ...draft }: Draft): Step {
  return {
    kind: draft.kind,
    text: new Text(text),
    index: draft.index ?? -1,
    emptyText: emptyText === undefined ? undefined : new Text(emptyText),
    derive: draft.derive,
    derived: draft.derived,
    derivedFrom: asked.none,
    offsets: draft.offsets,
    count: draft.count,
  };
}
