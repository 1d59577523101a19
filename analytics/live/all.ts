import type { Cubes, Slot } from '../cubes/cube';
import { limitedScope } from '../panels/limit';
import type { Bucket, Panel, Scope } from '../panels/panel';
import { bucketStart } from '../render/buckets';
import type { Value } from '../result';
import { latency } from './latency';
import { dataQuality } from './lines';
import type { LivePanel } from './live-panel';
import { Look, type Selections } from './look';
import { customers, plans, security } from './people';
import { errors, overview } from './traffic';

/** By the id of the panel. A panel that is not here is shown as it was computed for the whole report. */
export const livePanels: Readonly<Record<string, LivePanel>> = {
  ...overview,
  ...errors,
  ...customers,
  ...plans,
  ...latency,
  ...security,
  ...dataQuality,
};

export interface LiveRows {
  readonly rows: Value[][];
  /** How series are cut. */
  readonly bucket: Bucket;
  /** To what first and last moments are told. */
  readonly slot: Slot;
  /** Whether the period had to be widened to whole days. */
  readonly isWidened: boolean;
}

/** Columns of percentiles, which cubes have to the step of a histogram. */
export const percentileColumn = /(?:^|_)p\d\d_ms$/;
/** Columns of first and last moments, which cubes have to their slot. */
export const momentColumn = /(?:^|_)(?:first_seen|last_seen)$/;

/** Whether cubes have some of a panel's numbers to the step or the slot only. */
export function isApproximate({ columns }: Pick<Panel, 'columns'>): boolean {
  return columns.some(({ name }) => percentileColumn.test(name) || momentColumn.test(name));
}

/** The rows of the panel's statement; undefined where cubes have them only nearly. */
export function exactRows(
  panel: Panel,
  cubes: Cubes,
  scope: Scope,
  selections?: Selections,
): Value[][] | undefined {
  const { from, to, timeZone, bucket } = scope;
  const isWholeHours = [from, to].every((time) => bucketStart(time, timeZone, 'hour') === time);
  if (!isWholeHours || isApproximate(panel)) return undefined;
  const live = liveRows(panel, cubes, scope, selections);
  return live && !live.isWidened && live.bucket === bucket && bucket !== 'minute'
    ? live.rows
    : undefined;
}

/**
 * Undefined for a panel that the cubes cannot answer.
 *
 * @param selections what panels of the same scope share
 */
export function liveRows(
  panel: Pick<Panel, 'id' | 'limit'>,
  cubes: Cubes,
  scope: Scope,
  selections: Selections = new Map(),
): LiveRows | undefined {
  const live = Object.hasOwn(livePanels, panel.id) ? livePanels[panel.id] : undefined;
  const look = new Look(cubes, limitedScope(panel, scope), selections);
  if (!live || !look.has(live.cubes, live.needsHours)) return undefined;
  const rows = live.rows(look);
  return { rows, bucket: look.bucket, slot: look.slot, isWidened: look.isWidened };
}
