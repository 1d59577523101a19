import type { Value } from '../result';
import type { Look } from './look';

/** The rows of a panel, out of cubes: the same that its statement gives for the scope. */
export type LivePanel = (look: Look) => Value[][];

/** By the id of the panel. A panel that is not here is shown as it was computed for the whole report. */
export const livePanels: Readonly<Record<string, LivePanel>> = {};
