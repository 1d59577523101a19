import { fieldNamed, isNoValue } from '../../lambda/core/fields';

/** What an object's text says, by column; what says nothing is left out. */
export function columnsOf(json: string): Record<string, string> {
  const members = Object.entries(JSON.parse(json) as Record<string, unknown>);
  const known = members.map(([name, value]) => [fieldNamed(name)?.column ?? name, String(value)]);
  return Object.fromEntries(known.filter(([, value]) => !isNoValue(value)));
}
