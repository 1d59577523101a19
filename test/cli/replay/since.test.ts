import { parseSince } from '../../../cli/replay/since';

const NOW = Date.UTC(2026, 10, 20, 12, 0);

const cases: { text: string; time: string }[] = [
  { text: '90m', time: '2026-11-20T10:30:00.000Z' },
  { text: '6h', time: '2026-11-20T06:00:00.000Z' },
  { text: '2d', time: '2026-11-18T12:00:00.000Z' },
  { text: '2026-11-01', time: '2026-11-01T00:00:00.000Z' },
  { text: '2026-11-01T08:00Z', time: '2026-11-01T08:00:00.000Z' },
  { text: '2026-11-01T08:00:00+01:00', time: '2026-11-01T07:00:00.000Z' },
];

for (const { text, time } of cases) {
  test(`${text} is ${time}`, () => {
    expect(parseSince(text, NOW).toISOString()).toBe(time);
  });
}

// A time without a zone would mean another one on every machine.
for (const text of ['', 'yesterday', '5', '5w', '2026-13-01', '2026-11-01T08:00']) {
  test(`rejects "${text}"`, () => {
    expect(() => parseSince(text, NOW)).toThrow(`--since: got "${text}", expected such as 30m`);
  });
}
