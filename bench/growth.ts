/** How the cost of a record grows with the batch, and that of a lookup with the account: it must not. */

import { account, linesOf } from './corpus';
import { race } from './race';
import type { Row } from './report';
import { setStage } from './stage';
import { median } from './statistics';

const sizes = [10, 100, 1_000, 10_000];

/** Microseconds a record in batches of many sizes, warm. */
export async function growthOfBatch(node: string): Promise<Row> {
  const stage = await setStage();
  const row: Row = await Promise.all(
    sizes.map(async (records) => {
      const lines = linesOf('short', stage.plans);
      const contents = Array.from({ length: records }, () => lines.next().value);
      return { records, batch: stage.writeBatch(`records-${records}`, contents) };
    }),
  ).then(async (batches) => {
    const cells: string[] = [];
    for (const { records, batch } of batches) {
      // The same number of lines each, so that all are equally warm.
      const rounds = Math.max(30, 300_000 / records / 10);
      const options = { stage, node, batch, warmUps: rounds, rounds };
      const turns = await race({ ...options, rivals: ['function'] });
      const ms = median((turns.get('function') ?? []).map(({ handlerMs }) => handlerMs));
      cells.push(((ms * 1000) / records).toFixed(2));
    }
    return ['µs a record, in batches of so many', ...cells];
  });
  await stage.close();
  return row;
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
  return ['µs a record, with so many keys', ...cells];
}

export const growthHead = ['', ...sizes.map((size) => size.toLocaleString('en-US'))];
