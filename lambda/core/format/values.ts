/**
 * The value of a span of a line. API Gateway is seen to escape some values as JSON would, and seen
 * not to, and AWS documents neither. So a value that a reader of the notation could read as it stands
 * is read as that reader would, and a line has the same values whether it had to be rescued or not; any
 * other value is taken literally.
 */

import { parsedJson } from '../json';
import type { Notation, Slot } from './template';

/** A value's text, and the same as JSON: a string's content where the slot is quoted. */
export interface ReadValue {
  readonly text: string;
  readonly json: string;
}

export function readValue(raw: string, slot: Slot, notation: Notation): ReadValue {
  if (notation === 'json' && !slot.isQuoted) return bareValue(raw.trim());
  // The one variable whose value brings its own quotes.
  if (slot.variable === 'error.messageString') return jsonContent(withoutQuotes(raw) ?? raw);
  if (notation === 'json') return jsonContent(raw);
  const text = notation === 'xml' ? unescapeXml(raw) : raw;
  return { text, json: escapeJson(text) };
}

/** Outside of quotes: for example a number, or API Gateway's `-`, which is no JSON. */
function bareValue(raw: string): ReadValue {
  const parsed = parsedJson(raw);
  if (parsed !== undefined) return { text: typeof parsed === 'string' ? parsed : raw, json: raw };
  const { text, json } = jsonContent(withoutQuotes(raw) ?? raw);
  return { text, json: `"${json}"` };
}

const needsEscape = /["\\\p{Cc}]/u;

function jsonContent(raw: string): ReadValue {
  if (!needsEscape.test(raw)) return { text: raw, json: raw };
  const parsed = parsedJson(`"${raw}"`);
  return typeof parsed === 'string'
    ? { text: parsed, json: raw }
    : { text: raw, json: escapeJson(raw) };
}

function withoutQuotes(raw: string): string | undefined {
  return raw.length > 1 && raw.startsWith('"') && raw.endsWith('"') ? raw.slice(1, -1) : undefined;
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

/** `R&D` or `<b>` is nothing that somebody has escaped. */
const unescaped = /<|&(?!(?:amp|lt|gt|quot|apos);)/;

function unescapeXml(raw: string): string {
  if (!raw.includes('&') || unescaped.test(raw)) return raw;
  return raw.replace(/&\w+;/g, (entity) => entities[entity] as string);
}
