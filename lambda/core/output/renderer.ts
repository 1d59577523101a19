/** The family of output shapes: each is one of these, chosen by `rendererFor`. */

import type { Attribution } from '../attribution/attribute';
import type { Partitioning } from '../attribution/partition';
import type { Names } from '../names';
import type { LogLine } from '../record/log-line';
import type { SecretTreatment } from '../values/secrets';
import type { FastPath } from './fast-path';

/** Writes what is delivered: single lines, each with its line break. */
export interface Renderer {
  /** A readable line and what is known of it; and when its record arrived, in milliseconds. */
  line(line: LogLine, attribution: Attribution, arrivedAt?: number): string;
  /** What nothing could read; with its bytes where they are no UTF-8 and the text has lost some. */
  unparsed(text: string, bytes?: Buffer, arrivedAt?: number): string;
  /** Does the same for common lines, several times as fast, if the output has one. */
  readonly fastPath?: FastPath | undefined;
}

export interface RenderOptions {
  readonly usagePlanField: string;
  readonly customerNameField: string;
  readonly apiKeyValues: SecretTreatment;
  /** What the fast path finds the folder of a line by; left out where there are no folders. */
  readonly partitionBy?: Partitioning;
  /** The names that the stream's lines use; those of the field table where it is left out. */
  readonly names?: Names;
}
