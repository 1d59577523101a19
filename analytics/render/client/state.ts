/** What is looked at: all of it stands in the address, so that a link shows the same to others. */

import type { Filter, Page } from '../../panels/panel';
import type { ReportScope } from '../report';

export const pages: readonly { id: Page; title: string }[] = [
  { id: 'overview', title: 'Overview' },
  { id: 'errors', title: 'Errors' },
  { id: 'customers', title: 'Customers' },
  { id: 'plans', title: 'Plans' },
  { id: 'latency', title: 'Latency' },
  { id: 'security', title: 'Security' },
  { id: 'data-quality', title: 'Data quality' },
  { id: 'audit', title: 'Audit' },
  { id: 'key-life', title: 'Life of a key' },
];

export const filterNames = ['customer', 'plan', 'api', 'stage'] as const;

export interface State {
  readonly page: Page;
  readonly from: number;
  readonly to: number;
  readonly filter: Filter;
}

export function initialState({ from, to, filter }: ReportScope): State {
  return { page: 'overview', from, to, filter };
}

/** The state in the page's address; where it has none, or a wrong one, the report as it was made. */
export function readState(hash: string, scope: ReportScope): State {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const page = pages.find(({ id }) => id === said.get('tab'))?.id ?? 'overview';
  const from = momentIn(said.get('from'), scope) ?? scope.from;
  const to = momentIn(said.get('to'), scope) ?? scope.to;
  const filter: Record<string, string> = {};
  for (const name of filterNames) {
    const value = said.get(name) ?? scope.filter[name];
    if (value) filter[name] = value;
  }
  return from < to ? { page, from, to, filter } : { page, from: scope.from, to: scope.to, filter };
}

export function writeState({ page, from, to, filter }: State, scope: ReportScope): string {
  const said = new URLSearchParams();
  if (page !== 'overview') said.set('tab', page);
  if (from !== scope.from) said.set('from', new Date(from).toISOString());
  if (to !== scope.to) said.set('to', new Date(to).toISOString());
  for (const name of filterNames) {
    const value = filter[name];
    if (value !== undefined && value !== scope.filter[name]) said.set(name, value);
  }
  return `#${said}`;
}

/** Whether it is the report as it was made, but for the page of it. */
export function isWhole({ from, to, filter }: State, scope: ReportScope): boolean {
  return (
    from === scope.from &&
    to === scope.to &&
    filterNames.every((name) => filter[name] === scope.filter[name])
  );
}

function momentIn(text: string | null, { from, to }: ReportScope): number | undefined {
  const moment = text === null ? Number.NaN : Date.parse(text);
  return moment >= from && moment <= to ? moment : undefined;
}
