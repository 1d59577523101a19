/**
 * Reads lines that are no JSON, or JSON that a value has broken, by the formats that may have made
 * them: the configured ones first, then the known ones.
 *
 * A line that several formats can have made is read only where all of them say the same.
 */

import { isNoValue } from '../fields';
import { readLogLine } from '../record/read-log-line';
import type { LineReader } from '../record/record';
import { withDashesQuoted } from './bare-dashes';
import { compileFormat, type Format, type Reading } from './format';
import type { NamedFormat } from './known/formats-to-paste';
import { knownFormats } from './known/known-formats';

/** Rejects a format that cannot be compiled. */
export function lineReader(configuredFormats: readonly string[] = []): LineReader {
  const configured = configuredFormats.map(compileFormat);
  return (line) => {
    const json = withDashesQuoted(line);
    if (json !== undefined && readLogLine(json)) return json;
    const reading = readBy(configured, line) ?? readByKnown(line)?.reading;
    return reading === 'ambiguous' ? undefined : reading?.json;
  };
}

export interface KnownReading {
  readonly reading: Reading | 'ambiguous';
  /** The known formats that have read it, or could have. */
  readonly names: readonly string[];
}

/** By the formats that need no configuration; undefined where the line is of none of them. */
export function readByKnown(line: string): KnownReading | undefined {
  for (const formats of compiledKnown()) {
    const names: string[] = [];
    const readings: (Reading | 'ambiguous')[] = [];
    for (const known of formats) {
      const reading = known.format.read(line);
      if (!reading || (reading !== 'ambiguous' && !known.isOf(reading.values))) continue;
      names.push(...known.names);
      readings.push(reading);
    }
    if (readings.length > 0) return { reading: agreed(readings), names };
  }
  return undefined;
}

interface CompiledKnown {
  readonly names: readonly string[];
  readonly format: Format;
  readonly isOf: NonNullable<NamedFormat['isOf']>;
}

let known: readonly (readonly CompiledKnown[])[] | undefined;

/**
 * First those that are told by their literals and shapes alone, then the others. Many streams carry
 * nothing but JSON, and their cold starts need not wait for this.
 */
function compiledKnown(): readonly (readonly CompiledKnown[])[] {
  known ??= [
    knownFormats.filter((one) => !one.isLast),
    knownFormats.filter((one) => one.isLast),
  ].map(compiled);
  return known;
}

function compiled(formats: readonly NamedFormat[]): CompiledKnown[] {
  const texts = [...new Set(formats.map(({ format }) => format))];
  return texts.map((text) => {
    const same = formats.filter(({ format }) => format === text);
    return {
      names: same.map(({ name }) => name),
      format: compileFormat(text),
      isOf: same[0]?.isOf ?? (isSpaced(text) ? hasRequestId : () => true),
    };
  });
}

function readBy(formats: readonly Format[], line: string): Reading | 'ambiguous' | undefined {
  const readings = formats.flatMap((format) => format.read(line) ?? []);
  return readings.length === 0 ? undefined : agreed(readings);
}

function agreed(readings: readonly (Reading | 'ambiguous')[]): Reading | 'ambiguous' {
  const [first, ...others] = readings;
  if (first === undefined || first === 'ambiguous') return 'ambiguous';
  const agree = others.every((other) => other !== 'ambiguous' && saysTheSame(first, other));
  return agree ? first : 'ambiguous';
}

function saysTheSame({ values: one }: Reading, { values: other }: Reading): boolean {
  return [one, other].every((values) =>
    Array.from(values).every(
      ([variable, value]) =>
        isNoValue(value) || (one.get(variable) === value && other.get(variable) === value),
    ),
  );
}

/** Whether nothing but blanks stands between values, as in CLF. */
function isSpaced(format: string): boolean {
  return format.startsWith('$') && !format.includes(',');
}

/** Every request has one: a reading without it has taken the line for one of another format. */
function hasRequestId(values: ReadonlyMap<string, string>): boolean {
  return values.get('requestId') !== '';
}
