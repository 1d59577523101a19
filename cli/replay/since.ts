/** A time that a user writes: a date, a date and time, or how long ago. */

import { UsageError } from '../usage-error';

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export function parseSince(text: string, nowMs: number): Date {
  const [, amount, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  if (amount && unit) return new Date(nowMs - Number(amount) * unitMs[unit as keyof typeof unitMs]);
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const time = isDate ? new Date(text) : undefined;
  if (time && !Number.isNaN(time.getTime())) return time;
  const expected = '30m, 6h, 2d, 2026-11-20 or 2026-11-20T08:00:00Z';
  throw new UsageError(`--since: got "${text}", expected such as ${expected}`);
}
