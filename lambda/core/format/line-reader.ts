/**
 * Reads lines that are no JSON, or JSON that a value has broken, by the formats that may have made
 * them: the configured ones first, then the known ones.
 *
 * A line that several formats can have made is read only where all of them say the same.
 */

import { isNoValue } from '../fields';
import type { LineReader } from '../record/record';
import { compileFormat, type Format, type Reading } from './format';
import { knownFormats } from './known/known-formats';

/** Rejects a format that cannot be compiled. */
export function lineReader(configuredFormats: readonly string[] = []): LineReader {
  const configured = configuredFormats.map(compileFormat);
  let known: readonly Format[] | undefined;
  return (line) => {
    // Many streams carry nothing but JSON, and their cold starts need not wait for this.
    known ??= compileKnown();
    const reading = readBy(configured, line) ?? readBy(known, line);
    return reading === 'ambiguous' ? undefined : reading?.json;
  };
}

function compileKnown(): readonly Format[] {
  return [...new Set(knownFormats.map(({ format }) => format))].map(compileFormat);
}

function readBy(formats: readonly Format[], line: string): Reading | 'ambiguous' | undefined {
  let agreed: Reading | undefined;
  for (const format of formats) {
    const reading = format.read(line);
    if (!reading) continue;
    if (reading === 'ambiguous' || (agreed && !saysTheSame(agreed, reading))) return 'ambiguous';
    agreed ??= reading;
  }
  return agreed;
}

function saysTheSame({ values: one }: Reading, { values: other }: Reading): boolean {
  return [one, other].every((values) =>
    Array.from(values).every(
      ([variable, value]) =>
        isNoValue(value) || (one.get(variable) === value && other.get(variable) === value),
    ),
  );
}
