/** What a function reports to its operator: one line of JSON each on standard output, for CloudWatch Logs. */

import { writeLogLine } from './write-log-line';

export type Details = Readonly<Record<string, unknown>>;

export interface FunctionLog {
  info(message: string, details?: Details): void;
  warn(message: string, details?: Details): void;
  error(message: string, details?: Details): void;
}

/** Lines with the pipeline's name as `service`. An error among the details is written with its causes. */
export function functionLog(pipeline: string): FunctionLog {
  const at =
    (level: string) =>
    (message: string, details: Details = {}) => {
      const timestamp = new Date().toISOString();
      writeLogLine({ level, message, timestamp, service: pipeline, ...details });
    };
  return { info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
}
