/** Lines of a test's account that closes days: small ones, told from each other by their ids. */

import { gzipSync } from 'node:zlib';
import { CLOSED_TABLE } from '../../analytics/athena/closed-days';
import type { AnalyticsAccount } from './analytics-account';

export const FIRST = '2026-11-01';

export interface DeliveredLine {
  /** Undefined for a format that logs none. */
  readonly id: string | undefined;
  /** When the request was; undefined for a format that does not log it. */
  readonly at: number | undefined;
  /** When its line arrived: the folder. */
  readonly arrived: number;
  readonly customer?: string | undefined;
}

/** The moment of an hour of a day, counted from the first one. */
export function at(day: number, hour: number): number {
  return Date.parse(FIRST) + (day * 24 + hour) * 3_600_000;
}

/** @param late milliseconds from the request to the arrival of its line */
export function request(
  id: string | undefined,
  moment: number,
  late = 0,
  customer?: string,
): DeliveredLine {
  return { id, at: moment, arrived: moment + late, customer };
}

/** Lines as the pipeline delivers them, one object an hour. */
export function deliver({ bucket }: AnalyticsAccount, all: readonly DeliveredLine[]): void {
  const folders = new Map<string, DeliveredLine[]>();
  for (const line of all) {
    const folder = folderOf(line.arrived);
    folders.set(folder, [...(folders.get(folder) ?? []), line]);
  }
  for (const [folder, found] of folders) {
    bucket.objects.set(`${folder}object-${bucket.objects.size}`, {
      body: gzipSync(`${found.map(textOf).join('\n')}\n`),
      lastModified: new Date(),
    });
  }
}

function textOf({ id, at: moment, customer }: DeliveredLine): string {
  return JSON.stringify({
    api_id: 'a1',
    stage: 'prod',
    ...(id !== undefined && { extended_request_id: id, request_id: `r-${id}` }),
    ...(moment !== undefined && {
      request_time: new Date(moment).toISOString(),
      request_time_epoch: moment,
    }),
    status: 200,
    response_latency: 12,
    ...(customer !== undefined && {
      usage_plan: 'Gold',
      usage_plan_id: 'p1',
      customer_name: customer,
    }),
  });
}

function folderOf(moment: number): string {
  const text = new Date(moment).toISOString();
  return `logs/day=${text.slice(0, 10)}/hour=${text.slice(11, 13)}/`;
}

export async function closedIds(account: AnalyticsAccount): Promise<string[]> {
  const rows = await account.rows(`select extended_request_id from ${CLOSED_TABLE} order by 1`);
  return rows.map(([id]) => String(id));
}
