/** What an examination has found, and what it looks at. */

import type { Stream } from '../aws/stream';
import type { Pipeline } from '../pipeline-options';
import type { Terminal } from '../terminal/terminal';
import type { Metrics } from './metrics';

/** `unknown` is what could not be read. */
export type Level = 'fine' | 'attention' | 'wrong' | 'unknown';

export interface Finding {
  /** What was looked at, in a word. */
  readonly area: string;
  readonly level: Level;
  readonly text: string;
  /** A line each. */
  readonly details?: readonly string[] | undefined;
  /** Commands to type, a line each. */
  readonly next?: readonly string[] | undefined;
}

export interface Examined {
  readonly pipeline: Pipeline;
  readonly stream: Stream;
  /** Read once, when they are first needed. */
  readonly metrics: () => Promise<Metrics>;
  /** How a command names this pipeline: `--stack NAME` or `--stream ARN`. */
  readonly named: string;
  /** The same Region for `aws`. */
  readonly region: string;
  readonly now: Date;
  readonly terminal: Terminal;
}

export type Examination = (examined: Examined) => Promise<Finding>;

/** The name without what API Gateway demands of a stream's. */
export function pipelineName({ streamName }: Pipeline): string {
  return streamName.replace(/^amazon-apigateway-/, '');
}

/** How long ago or how long, in the largest unit that is exact enough. */
export function spanOf(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
