/**
 * What CloudWatch sends to a custom widget about the dashboard that it is drawn in. A viewer may send anything:
 * whatever is no number of a sensible size is not used.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html
 */

import { escapeMarkup } from '../../analytics/render/escape';

/** The part that is read. */
export interface WidgetContext {
  readonly timezone?: { readonly offsetISO?: unknown; readonly offsetInMinutes?: unknown };
  readonly timeRange?: {
    readonly start?: unknown;
    readonly end?: unknown;
    readonly zoom?: { readonly start?: unknown; readonly end?: unknown };
  };
  readonly theme?: unknown;
  readonly width?: unknown;
  readonly height?: unknown;
}

/** Milliseconds since 1970. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

/** What the viewer has zoomed into, else the dashboard's range; undefined where there is none. */
export function timeRangeOf({ timeRange }: WidgetContext): TimeRange | undefined {
  const { start, end } = timeRange?.zoom ?? timeRange ?? {};
  return isMoment(start) && isMoment(end) && start < end ? { start, end } : undefined;
}

export interface Looks {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly theme: 'light' | 'dark';
}

export function looksOf({ width, height, theme }: WidgetContext): Looks {
  return {
    width: within(width, 200, 4000, 600),
    height: within(height, 100, 2000, 250),
    theme: theme === 'dark' ? 'dark' : 'light',
  };
}

/** Minutes ahead of UTC. */
export function offsetOf({ timezone }: WidgetContext): number {
  // The sign of the minutes is nowhere documented, that of the text is.
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(String(timezone?.offsetISO)) ?? [];
  const told = sign && Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
  return within(told ?? timezone?.offsetInMinutes, -1440, 1440, 0);
}

/** Instead of a widget: what was got, and what is allowed. */
export function refusal(name: string, got: unknown, allowed: readonly string[]): string {
  return escapeMarkup(
    `${name}: got ${JSON.stringify(got) ?? 'nothing'}, expected ${allowed.join(', ')}`,
  );
}

/** Up to the year 9999. */
function isMoment(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value < 253_402_300_800_000;
}

function within(value: unknown, least: number, most: number, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value)
    ? Math.min(most, Math.max(least, value))
    : otherwise;
}
