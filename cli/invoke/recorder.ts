import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import type { BatchCounts } from '../../lambda/core/batch/batch-pass';
import type { CatalogState, Telemetry } from '../../lambda/enrich/telemetry';

/** The function's telemetry, summed up over invocations instead of logged. */
export class Recorder implements Telemetry {
  readonly lines: BatchCounts['lines'] = {
    enriched: 0,
    withoutKey: 0,
    unknownKey: 0,
    noPlanForStage: 0,
    unparsed: 0,
  };
  readonly records: BatchCounts['records'] = {
    Ok: 0,
    Dropped: 0,
    ProcessingFailed: 0,
    Reingested: 0,
  };
  readonly failures: Record<string, number> = {};
  /** How often each operation was called, retries included. */
  readonly calls = new Map<string, number>();
  readonly reloadFailures: unknown[] = [];
  failedInvocations = 0;
  /** From the container's start to the last report. */
  durationMs = 0;
  catalog: CatalogState | undefined;

  countCallsOf(client: APIGatewayClient): void {
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          const operation = commandName.replace(/Command$/, '');
          this.calls.set(operation, (this.calls.get(operation) ?? 0) + 1);
          return next(args);
        },
      // After the retries, so that each attempt counts.
      { step: 'finalizeRequest', priority: 'low' },
    );
  }

  readonly catalogs: Telemetry['catalogs'] = {
    loaded: () => {},
    failed: (_, error) => {
      this.reloadFailures.push(error);
    },
    asked: () => {},
  };

  reingestFailed(): void {}

  batchDone(counts: BatchCounts, catalog: CatalogState | undefined): void {
    addTo(this.lines, counts.lines);
    addTo(this.records, counts.records);
    addTo(this.failures, counts.failures);
    this.catalog = catalog;
  }

  batchFailed(): void {
    this.failedInvocations++;
  }

  get isAllDelivered(): boolean {
    return this.failedInvocations === 0 && this.records.ProcessingFailed === 0;
  }
}

function addTo<K extends string>(sums: Partial<Record<K, number>>, counts: typeof sums): void {
  for (const name of Object.keys(counts) as K[]) {
    sums[name] = (sums[name] ?? 0) + (counts[name] ?? 0);
  }
}
