/** The logs of a stack with analytics, through Athena: what `report` and `query` do with --stack. */

import { AthenaClient } from '@aws-sdk/client-athena';
import { completenessFrom, completenessSql } from '../../analytics/athena/completeness';
import { clientConfig } from '../aws/session';
import { onInterruption } from '../terminal/interruption';
import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';
import { type AthenaEngine, athenaEngine } from './athena';
import { inBytes, inUsd } from './athena-cost';
import { noneReadable, noRequests } from './no-requests';
import type { OpenLogs } from './opened';
import { findAnalytics } from './stack-analytics';
import { timeRange } from './time-range';

/** Times that are told from now on are counted from the last of these: the same again, for a while. */
const STEP = 600_000;
/** Where no beginning is given. */
const DAYS = '7d';

export interface StackValues {
  readonly stack: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly 'time-zone': string;
  readonly 'max-cost': string;
}

export async function openStackLogs(values: StackValues, terminal: Terminal): Promise<OpenLogs> {
  const maxCost = costLimit(values['max-cost']);
  const now = Math.floor(Date.now() / STEP) * STEP;
  const { from = DAYS, to, 'time-zone': timeZone } = values;
  const range = timeRange({ from, to, timeZone }, now);
  const period = { from: range.from ?? now, to: range.to ?? now };
  const place = await findAnalytics(values.stack);
  // An account runs so many queries at a time: others have their turn.
  const client = new AthenaClient({ ...clientConfig(), maxAttempts: 8 });
  const interruption = onInterruption(() => terminal.note('stopping …'));
  const engine = athenaEngine({
    client,
    place,
    period,
    maxCost,
    now: Date.now,
    signal: interruption.signal,
  });
  const close = () => {
    interruption.release();
    tellSpent(engine, terminal);
    engine.close();
  };
  try {
    terminal.progress.show('asking Athena how complete the lines are');
    const { rows } = await engine.query(completenessSql());
    const completeness = completenessFrom(rows[0]);
    terminal.progress.clear();
    const { lines, requests, unparsed } = completeness;
    if (lines > 0 && lines === unparsed) throw new UsageError(noneReadable(lines));
    if (requests === 0) throw new UsageError(noRequests(period));
    return {
      engine,
      span: period,
      completeness,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function costLimit(text: string): number {
  const limit = Number(text);
  if (text.trim() !== '' && Number.isFinite(limit) && limit > 0) return limit;
  throw new UsageError(`--max-cost: got "${text}", expected an amount in USD such as 0.50`);
}

function tellSpent({ spent }: AthenaEngine, terminal: Terminal): void {
  const { queries, found, bytes, cost } = spent;
  const again = found === 0 ? '' : `, ${found} of them found done`;
  terminal.warn(
    `Athena: ${queries} queries${again} · ${inBytes(bytes)} read · about ${inUsd(cost)}`,
  );
}
