/** Writes log lines as API Gateway does: the format's text with every variable's value in its place. */

import type { LogValues } from './traffic';

const variable = /\$context\.([A-Za-z0-9_.]*[A-Za-z0-9_])/;

/** Values go in as they are: API Gateway escapes nothing, and writes `-` for a value it lacks. */
export function lineWriter(format: string): (values: LogValues) => string {
  // Text and variables in turn.
  const parts = format.split(variable);
  return (values) => {
    let line = '';
    for (let index = 0; index < parts.length; index += 2) {
      line += parts[index];
      const name = parts[index + 1];
      if (name !== undefined) line += values[name] ?? '-';
    }
    return line;
  };
}
