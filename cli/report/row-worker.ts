/** A thread that turns blocks of lines into rows. */

import { parentPort, workerData } from 'node:worker_threads';
import { Catalog } from '../../lambda/core/catalog/catalog';
import { customerNaming, parseExtraFields } from '../../lambda/core/catalog/customer';
import { LocalRowFiles } from './row-files';
import type { Order, WorkerData } from './row-threads';

const { settings, usagePlans, countries } = workerData as WorkerData;
const naming = customerNaming({
  customerName: settings.customerName,
  extraFields: parseExtraFields(settings.extraFields),
});
const files = new LocalRowFiles({ settings, catalog: new Catalog(usagePlans, naming), countries });

parentPort?.on('message', ({ id, block, name }: Order) => {
  try {
    const counts = block ? files.appendNow(inPlace(block), name) : undefined;
    if (!block) files.endNow();
    parentPort?.postMessage({ id, counts });
  } catch (error) {
    parentPort?.postMessage({ id, error });
  }
});

function inPlace({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
