/**
 * Log formats written from the names of their fields, in their order; the field table has the
 * variables.
 */

import { fieldNamed } from '../../fields';

export function jsonFormat(names: string): string {
  const members = listed(names).map((name) => [name, variableNamed(name)]);
  return JSON.stringify(Object.fromEntries(members));
}

/** The request's id is an attribute in all that are known. */
export function xmlFormat(names: string): string {
  const elements = listed(names).map((name) => `<${name}>${variableNamed(name)}</${name}>`);
  return `<request id="$context.requestId"> ${elements.join(' ')} </request>`;
}

export function csvFormat(names: string): string {
  return listed(names).map(variableNamed).join(',');
}

export function keyValueFormat(names: string): string {
  return listed(names)
    .map((name) => `${name}: ${variableNamed(name)}`)
    .join(', ');
}

/** What becomes of a format on a page that is set in type. */
export function withTypographicQuotes(format: string): string {
  return format.replace(/"([^"]*)"/g, '“$1”');
}

function listed(names: string): string[] {
  return names.trim().split(/\s+/);
}

function variableNamed(name: string): string {
  const field = fieldNamed(name);
  if (!field) throw new Error(`no field is called ${name}`);
  return `$context.${field.variable}`;
}
