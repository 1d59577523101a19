import { lineWriter } from '../../analytics/sample/lines';
import { usagePlans } from '../../analytics/sample/product';
import { planMoves } from '../../analytics/sample/story';
import { sampleTraffic } from '../../analytics/sample/traffic';
import { DAY } from '../../analytics/time-zone';
import { attribute } from '../../lambda/core/attribution/attribute';
import { Catalog } from '../../lambda/core/catalog/catalog';
import { logFormat } from '../../lambda/core/format/known/log-format';
import { lineReader } from '../../lambda/core/format/line-reader';
import { rendererFor } from '../../lambda/core/output/renderer-for';
import { visitSource } from '../../lambda/core/record/record';
import { readSettings } from '../../lambda/core/settings/settings';

/**
 * Canonical lines of the sample's last days as they are delivered, by day: some twice, one that nothing
 * can read.
 */
export function deliveredSample(days: number): Map<string, string> {
  const catalog = new Catalog(usagePlans(planMoves));
  const renderer = rendererFor({ ...readSettings({}), output: 'canonical' });
  const folders = new Map<string, string>();
  const all = [...sampleTraffic({ requests: 6000 })].flat();
  const last = Math.floor((all.at(-1)?.time ?? 0) / DAY) * DAY;
  for (const [index, { apiType, time, values }] of all.entries()) {
    if (time < last - days * DAY || time >= last) continue;
    const day = new Date(time).toISOString().slice(0, 10);
    visitSource(lineWriter(logFormat(apiType))(values), lineReader(), ({ text, line, bytes }) => {
      const delivered = line
        ? renderer.line(line, attribute(line, catalog))
        : renderer.unparsed(text, bytes);
      const copies = index % 40 === 0 ? 2 : 1;
      folders.set(day, `${folders.get(day) ?? ''}${delivered.repeat(copies)}`);
      return true;
    });
  }
  const [first = ''] = folders.keys();
  folders.set(first, `${folders.get(first)}${renderer.unparsed('no log line', undefined)}`);
  return folders;
}

/**
 * The same with the line that nothing can read on the last day: it belongs to the day of its folder in an account, and
 * to all days on a laptop.
 */
export function withUnreadLineLast(delivered: ReadonlyMap<string, string>): Map<string, string> {
  const unread = /^\{"unparsed_line".*\n/m;
  const days = new Map(Array.from(delivered, ([day, text]) => [day, text.replace(unread, '')]));
  const [line = ''] = unread.exec([...delivered.values()].join('')) ?? [];
  const last = [...days.keys()].at(-1) ?? '';
  return days.set(last, `${days.get(last)}${line}`);
}
