import { FailureSummary } from '../../../cli/replay/failure-summary';
import { recordedTerminal } from '../../support/recorded-terminal';

const record = (errorMessage: string, arrivedAt = 0) => ({
  rawData: '',
  errorCode: 'Code',
  errorMessage,
  attemptsMade: 1,
  arrivedAt,
});

test('counts by reason, the most frequent first, with the time they span', () => {
  const summary = new FailureSummary();
  const times = [3, 1, 2].map((minute) => Date.UTC(2026, 0, 1, 0, minute));
  summary.add(record('rare'));
  for (const time of times) summary.add(record('frequent', time));

  expect(summary.byCount()).toMatchObject([
    { message: 'frequent', count: 3, firstAt: times[1], lastAt: times[0] },
    { message: 'rare', count: 1 },
  ]);
  expect(summary.countOf('Code')).toBe(4);
});

test('adds up what objects have of their own', () => {
  const summary = new FailureSummary();
  const other = new FailureSummary();
  summary.add(record('a'));
  other.add(record('a'));
  other.add(record('b'));

  summary.addAll(other);

  expect(summary.count).toBe(3);
  expect(summary.byCount().map(({ message, count }) => [message, count])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
});

test('messages that all differ are bounded, in memory and on the screen', () => {
  const summary = new FailureSummary();
  for (let index = 0; index < 5_000; index++) summary.add(record(`request ${index}`));
  const terminal = recordedTerminal();

  summary.print(terminal);

  expect(summary.count).toBe(5_000);
  expect(summary.byCount()).toHaveLength(1_001);
  expect(terminal.printed).toHaveLength(21);
  expect(terminal.printed.at(-1)).toBe('and 991 more kinds of failure');
});
