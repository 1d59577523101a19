import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorIds, monitorSlug } from '../../../lib/apis/monitor-table';
import { alarmIds, alarmSlug } from '../../../lib/observability/alarm-table';

const runbook = readFileSync(join(__dirname, '../../../docs/runbook.md'), 'utf8');
const chapters = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((chapter) => [chapter.slice(0, chapter.indexOf('\n')), chapter]),
);

describe('the runbook', () => {
  test('has a chapter for every alarm, in their order, and no other', () => {
    expect([...chapters.keys()]).toEqual([
      ...alarmIds.map(alarmSlug),
      'days-behind',
      'changes-behind',
      ...monitorIds.map(monitorSlug),
      'quota-used',
    ]);
  });

  for (const [slug, chapter] of chapters) {
    test(`says of ${slug} what it means, how to look and how to mend`, () => {
      for (const part of ['What it means', 'How to look', 'How to mend']) {
        expect(chapter).toContain(`**${part}.**`);
      }
    });
  }

  test('refers to chapters that there are', () => {
    for (const [, anchor] of runbook.matchAll(/\]\(#([\w-]+)\)/g)) {
      expect([...chapters.keys()]).toContain(anchor);
    }
  });
});
