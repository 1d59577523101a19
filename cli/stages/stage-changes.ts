/** What is to change of stages, and what became of each. */

import type { AccessLog } from '../../lambda/stages/access-log';
import type { Stage } from './account-stages';

export interface StageChange {
  readonly stage: Stage;
  readonly after: AccessLog | undefined;
  carryOut(): Promise<void>;
}

/** A stage that is named, and stays as it is. */
export interface SkippedStage {
  readonly stage: Stage;
  /** `unchanged` is as it was asked for; `left` is not, and this command has no right to change it. */
  readonly outcome: 'unchanged' | 'left';
  readonly message: string;
}

export interface StageChanges {
  readonly changes: readonly StageChange[];
  readonly skipped: readonly SkippedStage[];
  /** The account and Region, in words. */
  readonly where: string;
  /** What else is made, and what to know before it is agreed to. */
  readonly remarks: readonly string[];
}

/** `done` is what a changed stage is called. */
export interface ChangeWords {
  readonly command: string;
  readonly done: string;
}

export type ChangeOutcome = 'planned' | 'changed' | 'failed' | 'not reached';
