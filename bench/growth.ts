/** How the cost of a record grows with the batch and with the account, and that of a line with its record: it must not. */

import { account, linesOf, type Plan } from './corpus';
import { race, startRunner } from './race';
import type { Row } from './report';
import { type Stage, setStage } from './stage';
import { median } from './statistics';

const sizes = [10, 100, 1_000, 10_000];

/** As many as a response has room for, in one record. */
const MOST_LINES = 100_000;

/**
 * Microseconds of an invocation in batches of many sizes, warm, and what each record adds to that of an
 * empty one. Every key is one that the catalog has, since a batch with unknown ones is logged.
 */
export async function growthOfBatch(node: string): Promise<Row[]> {
  const stage = await setStage();
  const lines = linesOfKnownKeys(stage.plans);
  const batches = [0, ...sizes].map((records) => {
    const contents = Array.from({ length: records }, () => lines.next().value);
    return stage.writeBatch(`records-${records}`, contents);
  });
  const [ofItself = Number.NaN, ...micros] = await inTurns(stage, node, batches, 120);
  await stage.close();
  return [
    [`µs an invocation (${ofItself.toFixed(0)} without records)`, ...micros.map(inWhole), ''],
    ['µs a record beyond that', ...perPiece(micros, ofItself, sizes), ''],
  ];
}

/** Microseconds a line of one record with many of them, which are as short as lines can be. */
export async function growthOfRecord(node: string): Promise<Row> {
  const stage = await setStage();
  const counts = [...sizes, MOST_LINES];
  const batches = [0, ...counts].map((lines) =>
    stage.writeBatch(`lines-${lines}`, lines === 0 ? [] : ['{"a":1}\n'.repeat(lines)]),
  );
  const [ofItself = Number.NaN, ...micros] = await inTurns(stage, node, batches, 40);
  await stage.close();
  return ['µs a line of one record', ...perPiece(micros, ofItself, counts)];
}

/** Microseconds of each batch. They take turns in one process, so that all run the same code. */
async function inTurns(
  stage: Stage,
  node: string,
  batches: readonly string[],
  rounds: number,
): Promise<number[]> {
  const turns = batches.map((batch) => ({ batch, ms: [] as number[] }));
  const runner = await startRunner({ stage, node }, 'function');
  for (let round = 0; round < 1.5 * rounds; round++) {
    for (const { batch, ms } of turns) {
      // The one before was of another size: it leaves its garbage behind, and other caches.
      await runner.take(batch);
      await runner.take(batch);
      const { handlerMs } = await runner.take(batch);
      if (round >= rounds / 2) ms.push(handlerMs);
    }
  }
  runner.stop();
  return turns.map(({ ms }) => median(ms) * 1000);
}

function perPiece(micros: readonly number[], ofItself: number, counts: readonly number[]) {
  return micros.map((of, index) => ((of - ofItself) / (counts[index] ?? 1)).toFixed(2));
}

function* linesOfKnownKeys(plans: readonly Plan[]): Generator<string, never> {
  const known = new Set(plans.flatMap(({ keys }) => keys.map(({ id }) => id)));
  for (const line of linesOf('short', plans)) {
    if (known.has((JSON.parse(line) as { key_id: string }).key_id)) yield line;
  }
  throw new Error('the lines have an end');
}

function inWhole(micros: number): string {
  return Math.round(micros).toLocaleString('en-US');
}

/** Microseconds a record with accounts of many sizes; the same batch size. */
export async function growthOfAccount(node: string): Promise<Row> {
  const cells: string[] = [];
  for (const keys of sizes) {
    const stage = await setStage(account(Math.min(20, keys), keys));
    const lines = linesOf('short', stage.plans);
    const contents = Array.from({ length: 3_000 }, () => lines.next().value);
    const batch = stage.writeBatch('keys', contents);
    const turns = await race({ stage, node, batch, rivals: ['function'], warmUps: 40, rounds: 60 });
    const ms = median((turns.get('function') ?? []).map(({ handlerMs }) => handlerMs));
    cells.push(((ms * 1000) / contents.length).toFixed(2));
    await stage.close();
  }
  return ['µs a record, with so many keys', ...cells, ''];
}

export const growthHead = [
  '',
  ...[...sizes, MOST_LINES].map((size) => size.toLocaleString('en-US')),
];
