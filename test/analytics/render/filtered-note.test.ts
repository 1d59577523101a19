import { panelOf } from '../../../analytics/panels/all';
import { filteredNote } from '../../../analytics/render/filtered-note';

test.each([
  ['customers', 'hour', false, 'First and last times are rounded down to the hour.'],
  [
    'customers',
    'day',
    true,
    'Counted by whole days. First and last times are rounded down to the day.',
  ],
  ['latency', 'hour', false, 'Percentiles are within 5%.'],
  ['hours-without-lines', 'hour', false, 'Of the whole log: no filter but the period applies.'],
  ['statuses', 'hour', false, undefined],
] as const)('%s by %ss', (id, slot, isWidened, note) => {
  expect(filteredNote(panelOf(id), { slot, isWidened })).toBe(note);
});
