/**
 * One pass over all records of a batch with one catalog.
 *
 * What does not fit into a response goes back into the stream, and this ends. Say a record weighs
 * 2n - 1, where n counts its lines and, in an envelope, its messages. The first record of a batch is
 * never re-ingested as it came: it is delivered, fails, or goes back in two pieces that share its lines,
 * so that they weigh (2a - 1) + (2b - 1) = 2n - 2 together, less than the record. Any other record
 * goes back whole at the worst. So each batch leaves less weight in the stream than it took out, the
 * weight is a whole number, and none is below 1: after finitely many batches nothing is left. A
 * record that comes alone and cannot be split is the first of its batch, hence never re-ingested as it came.
 *
 * Nor is a record re-ingested again and again while others pass it: one that alone takes more than half
 * of a response goes back in pieces, and where only smaller ones compete, at least half a response is
 * delivered of each batch.
 */

import type {
  FirehoseRecordTransformationStatus,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import { type Attribution, type AttributionOutcome, attribute } from '../attribution/attribute';
import { joinPartitions, MIXED_PARTITIONS, type Partitioner } from '../attribution/partition';
import type { LineShape } from '../bytes/line-shape';
import type { Catalog } from '../catalog/catalog';
import type { Names } from '../names';
import type { FastPath, LineTaker, WrittenLine } from '../output/fast-path';
import type { Renderer } from '../output/renderer';
import type { LogLine } from '../record/log-line';
import {
  type Entry,
  type LineReader,
  type ObjectTaker,
  openRecord,
  type RecordContent,
  splitRecord,
  type UnreadableReason,
  visitSource,
} from '../record/record';
import { DeliveredData } from './delivered-data';
import {
  jsonBytes,
  metadataOf,
  mostJsonBytes,
  partitionBytes,
  RESPONSE_BYTES,
  reservedBytes,
} from './response-size';

export interface PassOptions {
  readonly renderer: Renderer;
  readonly readOther: LineReader;
  /** The names that the stream's lines use; those of the field table where it is left out. */
  readonly names?: Names;
  /** Left out where records are not partitioned. */
  readonly partitionOf?: Partitioner | undefined;
  /** A compressed record that grows past this is not read: a bomb, or too much for the memory. */
  readonly maxInflatedBytes: number;
  /** Made for each pass; sees the lines as they are scanned, or as they are read where that is not enough. @default - none */
  readonly observe?: (() => LineObserver) | undefined;
  /** Lambda's limit unless a test makes it smaller. */
  readonly maxResponseBytes?: number;
}

/** Sees lines as they are read. */
export interface LineObserver {
  see(line: LogLine): void;
  /** Sees the line of a shape that was scanned last; false where it has to be read to be seen. */
  seeScanned(shape: LineShape): boolean;
  /** What was seen since the last end belongs to a record that is delivered, or that is not. */
  endRecord(isDelivered: boolean): void;
}

type LineCounts = Record<AttributionOutcome | 'unparsed', number>;

/** `exception` is a fault of this program: what it met stays whole, and hurts no other record. */
export type FailureReason = UnreadableReason | 'tooLarge' | 'notPutBack' | 'exception';

/**
 * Records of more than this are re-ingested as they came once a batch has had so much of them that reading
 * on would take too long. Of real lines, which gzip makes ten times smaller, no batch has as much.
 */
const LARGE_RECORD_BYTES = 16 * 1024 * 1024;
const MAX_LARGE_BYTES = 160 * 1024 * 1024;

export interface BatchCounts {
  readonly lines: LineCounts;
  /** Records that went back into the stream are not counted as dropped. */
  readonly records: Record<FirehoseRecordTransformationStatus | 'Reingested', number>;
  readonly failures: Partial<Record<FailureReason, number>>;
}

/** A record that is to go back into the stream, as it came or in two pieces. */
interface Overflow {
  readonly index: number;
  readonly pieces: readonly string[];
}

/** A record whose lines are written; an empty one has none. */
interface Rendered {
  readonly base64Length: number;
  readonly lines: LineCounts;
  readonly partition: string | undefined;
}

type RecordOutcome =
  | Rendered
  | { readonly failed: FailureReason }
  | { readonly reingest: readonly string[] };

type Result = FirehoseTransformationResultRecord;

export class Pass implements LineTaker {
  readonly results: Result[] = [];
  readonly overflow: Overflow[] = [];
  /** Whether any line names an API key. */
  namesKeys = false;
  /** The ids of API keys that the lines name and the catalog lacks. */
  readonly unknownKeyIds = new Set<string>();
  readonly counts: BatchCounts = {
    lines: noLines(),
    records: { Ok: 0, Dropped: 0, ProcessingFailed: 0, Reingested: 0 },
    failures: {},
  };
  readonly #records: readonly FirehoseTransformationEventRecord[];
  readonly #catalog: Catalog;
  readonly #options: PassOptions;
  readonly #fastPath: FastPath | undefined;
  readonly #observer: LineObserver | undefined;
  /** The bytes that data may take in a response that has room for a result on every record. */
  #exactCapacity: number | undefined;
  /** A lower bound of it that needs no look at the record ids, which takes a tenth of a batch's time. */
  readonly #sureCapacity: number;
  #used = 0;
  #isFull = false;
  /** Bytes of the large records that were read. */
  #largeBytes = 0;
  readonly #data = new DeliveredData();
  /** When the record that is being rendered arrived, in milliseconds since 1970. */
  #arrivedAt: number | undefined;
  /** The partition of the record that is being rendered, from its lines so far. */
  #partition: string | undefined;
  /** Lines of the record that the fast path reads: they count only if all of the record is read. */
  readonly #lines = noLines();
  #keyIds: string[] = [];
  #isWhole = true;

  constructor(
    records: readonly FirehoseTransformationEventRecord[],
    catalog: Catalog,
    options: PassOptions,
  ) {
    this.#records = records;
    this.#catalog = catalog;
    this.#options = options;
    this.#observer = options.observe?.();
    this.#fastPath = options.renderer.fastPath;
    this.#sureCapacity = this.#maxResponseBytes - reservedBytes(records, mostJsonBytes);
    for (let index = 0; index < records.length; index++) {
      const { data, approximateArrivalTimestamp } = records[
        index
      ] as FirehoseTransformationEventRecord;
      this.#arrivedAt = approximateArrivalTimestamp;
      this.#settleRecord(index, data);
    }
    this.#data.end();
  }

  /** An exception fails the record that it is met in, and no other. */
  #settleRecord(index: number, data: unknown): void {
    try {
      const isTaken = this.#takeRecord(index, data);
      this.#observer?.endRecord(isTaken);
      if (!isTaken) this.#settleOne(index, this.#outcomeOf(data));
    } catch {
      this.#observer?.endRecord(false);
      // The error is not logged: its message may quote the record.
      this.#fail(index, 'exception');
    }
  }

  get #maxResponseBytes(): number {
    return this.#options.maxResponseBytes ?? RESPONSE_BYTES;
  }

  get #capacity(): number {
    this.#exactCapacity ??= this.#maxResponseBytes - reservedBytes(this.#records);
    return this.#exactCapacity;
  }

  get #free(): number {
    return this.#capacity - this.#used;
  }

  #hasRoomFor(bytes: number): boolean {
    return bytes <= this.#sureCapacity - this.#used || bytes <= this.#free;
  }

  /** Settles a record if the output's fast path reads all of its lines. */
  #takeRecord(index: number, data: unknown): boolean {
    if (typeof data !== 'string' || this.#isFull || !this.#fastPath) return false;
    this.#begin();
    clear(this.#lines);
    if (this.#keyIds.length > 0) this.#keyIds = [];
    this.#isWhole = true;
    if (!this.#fastPath.record(data, this.#catalog, this.#arrivedAt, this)) return false;
    if (!this.#isWhole) return false;
    const { base64Length } = this.#data;
    // What does not fit needs a decision: whether it goes back whole, in pieces, or fails.
    if (!this.#hasRoomFor(base64Length + partitionBytes(this.#partition))) return false;
    addLines(this.counts.lines, this.#lines);
    if (this.#data.lines > this.#lines.withoutKey) this.namesKeys = true;
    for (const keyId of this.#keyIds) this.unknownKeyIds.add(keyId);
    this.#deliver(index, base64Length, this.#partition);
    return true;
  }

  /** Where the fast path is to write the record's next line. */
  get at(): number {
    return this.#data.at;
  }

  /** Takes a line that the fast path has written. */
  take(line: WrittenLine): void {
    this.#data.endLine(line.end);
    this.#lines[line.outcome]++;
    if (line.keyId !== undefined) this.#keyIds.push(line.keyId);
    this.#isWhole &&= this.#isUsable(line);
    this.#join(line.partition);
  }

  /** Whether the fast path has found the folder, if there are folders, and what is observed, if anything is. */
  #isUsable({ partition, shape }: WrittenLine): boolean {
    const hasFolder = (partition === undefined) === (this.#options.partitionOf === undefined);
    return hasFolder && (this.#observer?.seeScanned(shape) ?? true);
  }

  #begin(): void {
    this.#data.begin();
    this.#partition = undefined;
  }

  /** Settles the overflow: of each piece, in order, whether the stream has accepted it. */
  settle(accepted: readonly boolean[]): void {
    let at = 0;
    for (const { index, pieces } of this.overflow) {
      const pieceAccepted = accepted.slice(at, at + pieces.length);
      at += pieces.length;
      if (pieceAccepted.length < pieces.length || pieceAccepted.includes(false)) {
        this.#fail(index, 'notPutBack');
      } else {
        this.#set(index, 'Dropped', '');
        this.counts.records.Dropped--;
        this.counts.records.Reingested++;
      }
    }
  }

  #settleOne(index: number, outcome: RecordOutcome): void {
    this.#observer?.endRecord('lines' in outcome);
    if ('failed' in outcome) {
      this.#fail(index, outcome.failed);
    } else if ('reingest' in outcome) {
      this.overflow.push({ index, pieces: outcome.reingest });
    } else {
      addLines(this.counts.lines, outcome.lines);
      if (outcome.base64Length === 0) this.#set(index, 'Dropped', '');
      else this.#deliver(index, outcome.base64Length, outcome.partition);
    }
  }

  #outcomeOf(data: unknown): RecordOutcome {
    if (typeof data !== 'string') return { failed: 'noBase64' };
    // Once a record did not fit, those after it go back unread: few of them would fit either.
    if (this.#isFull) return { reingest: [data] };

    const content = openRecord(data, this.#options.maxInflatedBytes);
    if (typeof content === 'string') return { failed: content };
    if (!this.#mayRead(content)) return { reingest: [data] };
    const rendered = this.#render(content);
    if (rendered === 'noReadableLine') return { failed: rendered };
    if (rendered !== 'tooLarge' && sizeOf(rendered) <= this.#free) return rendered;

    const takesMost = rendered === 'tooLarge' || sizeOf(rendered) > this.#capacity / 2;
    const pieces = takesMost ? splitRecord(content) : undefined;
    if (pieces) return { reingest: pieces };
    if (rendered === 'tooLarge') return { failed: rendered };
    this.#isFull = true;
    return { reingest: [data] };
  }

  #mayRead({ byteLength }: RecordContent): boolean {
    if (byteLength < LARGE_RECORD_BYTES) return true;
    if (this.#largeBytes >= MAX_LARGE_BYTES) return false;
    this.#largeBytes += byteLength;
    return true;
  }

  /** `tooLarge` for what would not even fit alone. */
  #render(content: RecordContent): Rendered | 'tooLarge' | 'noReadableLine' {
    const counts = noLines();
    this.#begin();
    const isWithin = () => this.#data.base64Length <= this.#capacity;
    const add = (written: WrittenLine | undefined) => {
      if (!written || !this.#isUsable(written)) return undefined;
      this.#data.endLine(written.end);
      this.#count(written, counts);
      this.#join(written.partition);
      return isWithin();
    };
    const visit = (entry: Entry) => {
      if (entry.isTooLong) return false;
      this.#data.addLine(this.#lineOf(entry, counts));
      return isWithin();
    };
    const { readOther } = this.#options;
    const fastPath = this.#fastPath;
    const catalog = this.#catalog;
    const arrivedAt = this.#arrivedAt;
    const taker: ObjectTaker | undefined = fastPath && {
      take: (bytes, from, to) =>
        add(fastPath.bytes(bytes, from, to, catalog, arrivedAt, this.#data.at)),
      isObject: (bytes, from, to) => fastPath.isObject(bytes, from, to),
    };
    for (const source of content.sources) {
      // An envelope may have a million of them.
      if (source.length === 0) continue;
      const written =
        typeof source === 'string'
          ? fastPath?.text(source, catalog, arrivedAt, this.#data.at)
          : undefined;
      const goesOn = add(written) ?? visitSource(source, readOther, visit, taker);
      if (!goesOn) return 'tooLarge';
    }
    const { base64Length, lines } = this.#data;
    if (lines > 0 && counts.unparsed === lines) return 'noReadableLine';
    // An unreadable line may be any customer's.
    if (counts.unparsed > 0 && this.#partition !== undefined) this.#partition = MIXED_PARTITIONS;
    const rendered = { base64Length, lines: counts, partition: this.#partition };
    return sizeOf(rendered) > this.#capacity ? 'tooLarge' : rendered;
  }

  #lineOf(entry: Entry, counts: LineCounts): string {
    if (!entry.line) {
      counts.unparsed++;
      return this.#options.renderer.unparsed(entry.text, entry.bytes, this.#arrivedAt);
    }
    return this.#attributed(entry.line, counts);
  }

  #attributed(line: LogLine, counts: LineCounts): string {
    const attribution = attribute(line, this.#catalog, this.#options.names);
    this.#count(attribution, counts);
    this.#observer?.see(line);
    this.#join(this.#options.partitionOf?.(line, attribution));
    return this.#options.renderer.line(line, attribution, this.#arrivedAt);
  }

  #join(partition: string | undefined): void {
    if (partition !== undefined) this.#partition = joinPartitions(this.#partition, partition);
  }

  #count({ outcome, keyId }: Pick<Attribution, 'outcome' | 'keyId'>, counts: LineCounts): void {
    counts[outcome]++;
    if (outcome === 'withoutKey') return;
    this.namesKeys = true;
    if (outcome === 'unknownKey' && keyId !== undefined) this.unknownKeyIds.add(keyId);
  }

  /** Firehose keeps the data itself where there is no room to send it along. */
  #fail(index: number, reason: FailureReason): void {
    const data: unknown = this.#records[index]?.data;
    const fits = typeof data === 'string' && jsonBytes(data) <= this.#free;
    this.counts.failures[reason] = (this.counts.failures[reason] ?? 0) + 1;
    this.#set(index, 'ProcessingFailed', fits ? data : '');
  }

  /** Delivers what is written of the record. */
  #deliver(index: number, base64Length: number, partition: string | undefined): void {
    const recordId = this.#records[index]?.recordId ?? '';
    const result: Result =
      partition === undefined
        ? { recordId, result: 'Ok', data: '' }
        : { recordId, result: 'Ok', data: '', metadata: metadataOf(partition) };
    this.results[index] = result;
    this.counts.records.Ok++;
    this.#used += base64Length + partitionBytes(partition);
    this.#data.endRecord(result);
  }

  #set(index: number, result: 'Dropped' | 'ProcessingFailed', data: string): void {
    const recordId = this.#records[index]?.recordId ?? '';
    this.results[index] = { recordId, result, data };
    this.counts.records[result]++;
    this.#used += jsonBytes(data);
  }
}

function sizeOf({ base64Length, partition }: Rendered): number {
  return base64Length + partitionBytes(partition);
}

function noLines(): LineCounts {
  return { enriched: 0, withoutKey: 0, unknownKey: 0, noPlanForStage: 0, unparsed: 0 };
}

function clear(counts: LineCounts): void {
  counts.enriched = 0;
  counts.withoutKey = 0;
  counts.unknownKey = 0;
  counts.noPlanForStage = 0;
}

function addLines(total: LineCounts, counts: LineCounts): void {
  total.enriched += counts.enriched;
  total.withoutKey += counts.withoutKey;
  total.unknownKey += counts.unknownKey;
  total.noPlanForStage += counts.noPlanForStage;
  total.unparsed += counts.unparsed;
}
