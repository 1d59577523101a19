/**
 * Reads lines that are no JSON, or JSON that a value has broken, by the formats that may have made
 * them: the configured ones first, then the known ones.
 *
 * A line that several formats can have made is read only where all of them find the same values.
 */

import { isNoValue } from '../fields';
import { readLogLine } from '../record/read-log-line';
import type { LineReader } from '../record/record';
import { withDashesQuoted } from './bare-dashes';
import { compileFormat, type Format, type ParsedLine } from './format';
import type { NamedFormat } from './known/formats-to-paste';
import { knownFormats } from './known/known-formats';

/** Rejects a format that cannot be compiled. */
export function lineReader(configuredFormats: readonly string[] = []): LineReader {
  const configured = configuredFormats.map(compileFormat);
  return (line) => {
    const json = withDashesQuoted(line);
    if (json !== undefined && readLogLine(json)) return json;
    const parsed = readBy(configured, line) ?? readByKnown(line)?.parsed;
    return parsed === 'ambiguous' ? undefined : parsed?.json;
  };
}

export interface ReadByKnown {
  readonly parsed: ParsedLine | 'ambiguous';
  /** The known formats that have read it, or could have. */
  readonly names: readonly string[];
}

/** By the formats that need no configuration; undefined where the line is of none of them. */
export function readByKnown(line: string): ReadByKnown | undefined {
  for (const formats of compiledKnown()) {
    const names: string[] = [];
    const found: (ParsedLine | 'ambiguous')[] = [];
    for (const known of formats) {
      const parsed = known.format.read(line);
      if (!parsed || (parsed !== 'ambiguous' && !known.isOf(parsed.values))) continue;
      names.push(...known.names);
      found.push(parsed);
    }
    if (found.length > 0) return { parsed: agreed(found), names };
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
 * First those that are recognized by their literals and the syntax of their values alone, then the others.
 * Compiled for the first line that needs them: most streams carry nothing but JSON.
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

function readBy(formats: readonly Format[], line: string): ParsedLine | 'ambiguous' | undefined {
  const found = formats.flatMap((format) => format.read(line) ?? []);
  return found.length === 0 ? undefined : agreed(found);
}

function agreed(found: readonly (ParsedLine | 'ambiguous')[]): ParsedLine | 'ambiguous' {
  const [first, ...others] = found;
  if (first === undefined || first === 'ambiguous') return 'ambiguous';
  const agree = others.every((other) => other !== 'ambiguous' && saysTheSame(first, other));
  return agree ? first : 'ambiguous';
}

function saysTheSame({ values: one }: ParsedLine, { values: other }: ParsedLine): boolean {
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

/** Every request has one: a parsed without it has taken the line for one of another format. */
function hasRequestId(values: ReadonlyMap<string, string>): boolean {
  return values.get('requestId') !== '';
}
