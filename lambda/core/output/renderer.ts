/** The family of output shapes: each is one of these, chosen by `rendererFor`. */

import type { Attribution } from '../attribution/attribute';
import type { Names } from '../names';
import type { LogLine } from '../record/log-line';
import type { SecretTreatment } from '../values/secrets';
import type { ShortWay } from './fast-path';

/** Writes what is delivered: single lines, each with its line break. */
export interface Renderer {
  /** A readable line and what is known of it; and when its record arrived, in milliseconds. */
  line(line: LogLine, attribution: Attribution, arrivedAt?: number): string;
  /** What nothing could read; with its bytes where they are no UTF-8 and the text has lost some. */
  unparsed(text: string, bytes?: Buffer, arrivedAt?: number): string;
  /** A short way that does for usual lines what the long one would, if the shape has one. */
  readonly shortWay?: ShortWay | undefined;
}

export interface RenderOptions {
  readonly usagePlanField: string;
  readonly customerNameField: string;
  readonly apiKeyValues: SecretTreatment;
  /** Of the stream's lines; those of the field table where it is left out. */
  readonly names?: Names;
}
