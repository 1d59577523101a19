/** The APIs of a type with their names, busiest first, as an HTML table. */

import { escapeMarkup } from '../../analytics/render/escape';

export interface ApiRow {
  /** What CloudWatch knows it by: a REST API's name, another's id. */
  readonly api: string;
  /** Undefined where it is not known, or where it is what CloudWatch knows it by. */
  readonly name?: string | undefined;
  readonly requests: number;
  /** From 0 to 1; undefined where CloudWatch has no value. */
  readonly clientErrorRate?: number | undefined;
  readonly serverErrorRate?: number | undefined;
  /** Milliseconds. */
  readonly latency?: number | undefined;
}

/** A longer table is not read. */
const MOST = 100;

export function apiTable(rows: readonly ApiRow[], latencyTitle: string): string {
  if (rows.length === 0) return '<p>No API of this type has had requests in this range.</p>';
  const sorted = [...rows].sort((a, b) => b.requests - a.requests || (a.api < b.api ? -1 : 1));
  const rest = sorted.length - MOST;
  return (
    `<table><tr><th>API</th><th>Requests</th><th>Client errors</th><th>Server errors</th><th>${escapeMarkup(latencyTitle)}</th></tr>` +
    sorted.slice(0, MOST).map(rowOf).join('') +
    `</table>${rest > 0 ? `<p>and ${rest} more</p>` : ''}`
  );
}

function rowOf({ api, name, requests, ...rates }: ApiRow): string {
  const shown = name ? `${name} (${api})` : api;
  const cells = [
    Math.round(requests).toLocaleString('en-US'),
    percent(rates.clientErrorRate),
    percent(rates.serverErrorRate),
    rates.latency === undefined ? '-' : `${Math.round(rates.latency)} ms`,
  ];
  return `<tr><td>${escapeMarkup(shown)}</td>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function percent(rate: number | undefined): string {
  return rate === undefined ? '-' : `${(rate * 100).toFixed(2)} %`;
}
