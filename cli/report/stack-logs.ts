/** The logs of a stack with analytics, through Athena: what `report` and `query` do with --stack. */

import { AthenaClient } from '@aws-sdk/client-athena';
import { findCoveredDays } from '../../analytics/athena/covered-days';
import { HOUR } from '../../analytics/time-zone';
import { runQuery } from '../../lambda/aws/run-query';
import { clientConfig } from '../aws/session';
import { onInterruption } from '../terminal/interruption';
import type { Terminal } from '../terminal/terminal';
import { UsageError } from '../usage-error';
import { type AthenaEngine, athenaEngine, explained } from './athena';
import { inBytes, inUsd } from './athena-cost';
import { noneReadable, whyNoRequests } from './no-requests';
import type { OpenLogs } from './opened';
import { findAnalytics } from './stack-analytics';
import { timeRange } from './time-range';

/** Relative times count from the last multiple of this, so that they stay the same for a while. */
const STEP = 600_000;
/** Shorter times are counted by the minute; longer ones end with the current hour, since roll-ups have hours. */
const SHORT = /^(\d+m|[1-3]h)$/;
/** How far back to read where no beginning is given. */
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
  const { from = DAYS, to, 'time-zone': timeZone } = values;
  const now = SHORT.test(from)
    ? Math.floor(Date.now() / STEP) * STEP
    : Math.ceil(Date.now() / HOUR) * HOUR;
  const range = timeRange({ from, to, timeZone }, now);
  const period = { from: range.from ?? now, to: range.to ?? now };
  const place = await findAnalytics(values.stack);
  // An account runs so many queries at a time: others have their turn.
  const client = new AthenaClient({ ...clientConfig(), maxAttempts: 8 });
  const interruption = onInterruption(() => terminal.note('stopping …'));
  const { signal } = interruption;
  const covered = await findCoveredDays(async (statement) => {
    try {
      return (await runQuery(client, place, statement, { signal })).rows;
    } catch (error) {
      throw explained(error as Error, '', place);
    }
  });
  const engine = athenaEngine({
    client,
    place,
    period,
    timeZone,
    maxCost,
    now: Date.now,
    signal,
    closedUntil: covered?.last,
  });
  const close = () => {
    interruption.release();
    tellSpent(engine, terminal);
    engine.close();
  };
  try {
    terminal.progress.show('asking Athena how complete the lines are');
    const completeness = await engine.completeness();
    terminal.progress.clear();
    const { lines, requests, unparsed, untimed } = completeness;
    if (lines > 0 && lines === unparsed) throw new UsageError(noneReadable(lines));
    if (requests === 0)
      throw new UsageError(whyNoRequests(period, { lines, timed: lines - untimed - unparsed }));
    return {
      engine,
      rollups: engine.rollups,
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
