import type { Panel } from '../panels/panel';

/** A panel of countries, with where they come from, how old that is, and its licence. */
export function withCountriesSource(panel: Panel, date: string | undefined): Panel {
  if (date === undefined) return panel;
  if (!panel.columns.some(({ name }) => name === 'country')) return panel;
  const source = `Countries as registered on ${date}, from ip-location-db's geo-whois-asn-country (CC0-1.0).`;
  return { ...panel, definition: `${panel.definition} ${source}` };
}
