import { epochMs } from '../../../lambda/core/request-time';

const cases = [
  { text: '1763632800123', ms: 1_763_632_800_123 },
  { text: '1763632800', ms: 1_763_632_800_000 },
  { text: '20/Nov/2025:10:00:00 +0000', ms: 1_763_632_800_000 },
  { text: '20/Nov/2025:12:30:00 +0230', ms: 1_763_632_800_000 },
  { text: '2025-11-20T10:00:00.123Z', ms: 1_763_632_800_123 },
  { text: '20/Foo/2025:10:00:00 +0000', ms: undefined },
  { text: 'yesterday', ms: undefined },
];
for (const { text, ms } of cases) {
  test(`reads ${text} as ${ms}`, () => {
    expect(epochMs(text)).toBe(ms);
  });
}
