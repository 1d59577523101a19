/** Turns lines into rows on all cores: blocks go to whichever thread has the least to do. */

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { UsagePlan } from '../../lambda/core/catalog/usage-plan';
import type { Settings } from '../../lambda/core/settings/settings';
import type { RowCounts } from './canonical-rows';
import type { CountryTable } from './country-table';
import type { RowFiles } from './row-files';
import { rowWorkerCode, type WorkerCode } from './row-worker-code';

export interface WorkerData {
  readonly settings: Settings;
  readonly usagePlans: readonly UsagePlan[];
  readonly countries: CountryTable;
}

/** A block whose rows go to a file; without one, the file ends. */
export interface Order {
  readonly id: number;
  readonly block?: Uint8Array | undefined;
  readonly name: string;
}

interface Answer {
  readonly id: number;
  readonly counts?: RowCounts;
  readonly error?: Error;
}

interface Waiting {
  resolve(counts: RowCounts | undefined): void;
  reject(error: unknown): void;
}

/** Blocks that wait at a thread, so that it need not wait for its next one. */
const BLOCKS_AHEAD = 2;

class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #isWriting = false;
  readonly #onDone: () => void;
  #orders = 0;

  constructor({ code, isFile }: WorkerCode, workerData: WorkerData, onDone: () => void) {
    this.#onDone = onDone;
    this.#worker = new Worker(code, { workerData, eval: !isFile });
    this.#worker.on('message', ({ id, counts, error }: Answer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(error);
      else waiting?.resolve(counts);
      this.#onDone();
    });
    this.#worker.on('error', (error) => {
      for (const waiting of this.#waiting.values()) waiting.reject(error);
      this.#waiting.clear();
      this.#onDone();
    });
  }

  get load(): number {
    return this.#waiting.size;
  }

  append(block: Buffer, name: string): Promise<RowCounts | undefined> {
    this.#isWriting = true;
    // It moves to the thread.
    return this.#order({ block, name }, [block.buffer as ArrayBuffer]);
  }

  async end(): Promise<void> {
    if (!this.#isWriting) return;
    this.#isWriting = false;
    await this.#order({ name: '' }, []);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #order(order: Omit<Order, 'id'>, transfer: ArrayBuffer[]): Promise<RowCounts | undefined> {
    const id = this.#orders++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...order, id }, transfer);
    });
  }
}

/** Each thread writes a file of its own: `name-0`, `name-1`, … */
export class RowThreads implements RowFiles {
  readonly #threads: readonly Thread[];
  /** Who waits for a thread that has less to do. */
  readonly #waiting: (() => void)[] = [];

  constructor(workerData: WorkerData, count = availableParallelism()) {
    const code = rowWorkerCode();
    this.#threads = Array.from(
      { length: count },
      () => new Thread(code, workerData, () => this.#waiting.shift()?.()),
    );
  }

  async append(block: Buffer, name: string): Promise<RowCounts> {
    let thread = this.#leastBusy();
    while (thread.load >= BLOCKS_AHEAD) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
      thread = this.#leastBusy();
    }
    const counts = await thread.append(block, `${name}-${this.#threads.indexOf(thread)}`);
    return counts as RowCounts;
  }

  async end(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #leastBusy(): Thread {
    return this.#threads.reduce((least, thread) => (thread.load < least.load ? thread : least));
  }
}
