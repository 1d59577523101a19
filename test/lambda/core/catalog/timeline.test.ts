import fc from 'fast-check';
import {
  always,
  both,
  holdsNow,
  type Mark,
  ordered,
  State,
  stateAt,
  timelineOf,
} from '../../../../lambda/core/catalog/timeline';

const MINUTE = 60_000;
const { no, perhapsStill, presumed, perhapsAlready, held } = State;

function statesAt(marks: readonly Mark[], ...minutes: number[]): State[] {
  const timeline = timelineOf(ordered(marks));
  return minutes.map((minute) => stateAt(timeline, minute * MINUTE));
}

const at = (minute: number) => minute * MINUTE;
const seen = (minute: number): Mark => ['seen', at(minute), at(minute)];
const lacked = (minute: number): Mark => ['lacked', at(minute), at(minute)];
const added = (minute: number): Mark => ['added', at(minute)];
const removed = (minute: number): Mark => ['removed', at(minute)];
const ended = (minute: number): Mark => ['ended', at(minute)];

test('what nothing speaks against has always held', () => {
  expect(timelineOf([])).toBe(always);
  expect(stateAt(always, 0)).toBe(held);
});

describe('a moment that an event told divides the time, whatever readings there are', () => {
  const cases: { title: string; marks: Mark[]; states: State[] }[] = [
    { title: 'alone', marks: [added(5)], states: [no, no, held, held] },
    {
      title: 'after the readings',
      marks: [lacked(1), added(5), seen(9)],
      states: [no, no, held, held],
    },
    { title: 'removed', marks: [seen(1), removed(5), lacked(9)], states: [held, held, no, no] },
    {
      title: 'deleted',
      marks: [seen(1), ended(5), lacked(9)],
      states: [held, presumed, no, no],
    },
    {
      title: 'deleted in the second in which it went',
      marks: [seen(1), ended(5), removed(5)],
      states: [held, held, no, no],
    },
    {
      title: 'deleted after it had gone',
      marks: [seen(1), removed(2), ended(5)],
      states: [held, no, no, no],
    },
    {
      title: 'come and gone unseen',
      marks: [lacked(1), added(4), removed(6)],
      states: [no, held, no, no],
    },
  ];
  for (const { title, marks, states } of cases) {
    test(title, () => {
      expect(statesAt(marks, 0, 4.9, 7, 10)).toEqual(states);
    });
  }
});

test('without an event it changed between two readings, at nobody knows when', () => {
  expect(statesAt([lacked(1), seen(5)], 0, 3, 6)).toEqual([no, perhapsAlready, held]);
  expect(statesAt([seen(1), lacked(5)], 0, 3, 6)).toEqual([held, perhapsStill, no]);
});

test('a reading that is made about when an event tells says no more than the event', () => {
  const during: Mark = ['seen', at(5) - 1000, at(5) + 1000];

  expect(statesAt([lacked(1), added(5), during], 0, 4.9, 5.1)).toEqual([no, no, held]);
  expect(statesAt([seen(1), removed(5), during], 4.9, 5.1)).toEqual([held, no]);
});

test('events of one second come in the order in which they can have happened', () => {
  expect(statesAt([seen(1), added(5), removed(5)], 4, 6)).toEqual([held, held]);
  expect(statesAt([lacked(1), removed(5), added(5)], 4, 6)).toEqual([no, no]);
  expect(statesAt([added(5), removed(5), seen(9)], 4, 6)).toEqual([held, held]);
});

test('says the same in whatever order marks became known, and however often', () => {
  const minute = fc.integer({ min: 1, max: 30 });
  const mark = fc.oneof(
    minute.map(seen),
    minute.map(lacked),
    minute.map(added),
    minute.map(removed),
    minute.map(ended),
  );
  const marks = fc.array(mark, { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(marks, fc.infiniteStream(fc.nat()), (all, order) => {
      const shuffled = [...all, ...all]
        .map((it) => ({ it, key: order.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ it }) => it);

      expect(timelineOf(ordered(shuffled))).toEqual(timelineOf(ordered(all)));
    }),
  );
});

test('is what an account did that told all of it', () => {
  // From minute to minute it comes and goes; events tell some, readings come between.
  const history = fc.record({
    isFirst: fc.boolean(),
    changes: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 8 }),
    readings: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 6 }),
  });
  fc.assert(
    fc.property(history, ({ isFirst, changes, readings }) => {
      const moments = [...changes].sort((a, b) => a - b);
      const isHeldAt = (minute: number) =>
        isFirst === (moments.filter((moment) => moment <= minute).length % 2 === 0);
      const events = moments.map((minute) => (isHeldAt(minute) ? added(minute) : removed(minute)));
      const shown = readings.map((minute) =>
        isHeldAt(minute + 0.5) ? seen(minute + 0.5) : lacked(minute + 0.5),
      );
      const timeline = timelineOf(ordered([...shown, ...events]));
      const isKnown = events.length + shown.length > 0;

      const minutes = Array.from({ length: 124 }, (_, half) => 0.25 + half / 2);
      expect(minutes.map((minute) => stateAt(timeline, at(minute)))).toEqual(
        minutes.map((minute) => (isKnown && !isHeldAt(minute) ? no : held)),
      );
    }),
  );
});

test('both hold where each does', () => {
  const key = timelineOf([added(2), removed(8)]);
  const stage = timelineOf([added(4), removed(6)]);

  const joint = both(key, stage);

  expect([1, 3, 5, 7, 9].map((minute) => stateAt(joint, at(minute)))).toEqual([
    no,
    no,
    held,
    no,
    no,
  ]);
  expect([holdsNow(both(always, stage)), holdsNow(both(key, always))]).toEqual([false, false]);
});

test('two that changed at nobody knows when have met only where one of them is certain', () => {
  const came = timelineOf([lacked(2), seen(8)]);
  const went = timelineOf([seen(2), lacked(8)]);

  const joint = both(came, went);

  expect([1, 5, 9].map((minute) => stateAt(joint, at(minute)))).toEqual([no, no, no]);
  expect(stateAt(both(came, always), at(5))).toBe(perhapsAlready);
  expect(stateAt(both(always, went), at(5))).toBe(perhapsStill);
});

test('one that begins after the other was last seen has not met it, as far as is known', () => {
  const went = timelineOf([seen(2), lacked(8)]);

  const after = both(timelineOf([added(5)]), went);
  const before = both(timelineOf([added(1)]), went);

  expect([4, 6, 9].map((minute) => stateAt(after, at(minute)))).toEqual([no, no, no]);
  expect([1, 6, 9].map((minute) => stateAt(before, at(minute)))).toEqual([held, perhapsStill, no]);
  const cameAt: Mark = ['seen', at(2) + 50, at(2) + 500];
  const together = both(timelineOf([lacked(1), cameAt]), went);
  expect([6, 9].map((minute) => stateAt(together, at(minute)))).toEqual([perhapsStill, no]);
});

test('what was deleted was presumably so until then, in all that it had met with', () => {
  const key = timelineOf([added(1), seen(2), ended(9)]);
  const stage = timelineOf([added(4), removed(6)]);

  const joint = both(key, stage);

  expect([3, 5, 7].map((minute) => stateAt(joint, at(minute)))).toEqual([no, presumed, no]);
});

test('a key that moves every second for a day is looked up in no time that grows with it', () => {
  const marks = Array.from(
    { length: 172_800 },
    (_, n): Mark => [n % 2 === 0 ? 'added' : 'removed', n * 1000],
  );

  const timeline = timelineOf(ordered(marks));

  expect([500, 1500, 86_400_500].map((time) => stateAt(timeline, time))).toEqual([held, no, held]);
  expect(timeline.from).toHaveLength(172_801);
});
