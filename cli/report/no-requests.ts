/** Says why there is nothing to report about. */

import { counted } from '../terminal/counted';
import type { TimeSpan } from './source';

export function noneReadable(lines: number): string {
  return `none of ${counted(lines, 'line')} could be read: \`apigw-logs formats --check\` tells whether a format can be, LOG_FORMATS adds one`;
}

export function noRequests({ from, to }: TimeSpan): string {
  const iso = (time: number | undefined) =>
    time === undefined ? '…' : new Date(time).toISOString();
  return `no requests from ${iso(from)} to ${iso(to)}`;
}
