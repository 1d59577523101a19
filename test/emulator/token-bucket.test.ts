import { tokenBucket } from '../../emulator/token-bucket';
import { accountLimits } from '../../lambda/account/account-limits';

function admitted(admits: (nowMs: number) => boolean, count: number, nowMs: number): number {
  return Array.from({ length: count }, () => admits(nowMs)).filter(Boolean).length;
}

test('admits a burst, then as many as time has refilled', () => {
  const admits = tokenBucket(accountLimits);

  expect(admitted(admits, 100, 0)).toBe(40);
  expect(admitted(admits, 100, 1_000)).toBe(10);
  expect(admitted(admits, 100, 1_050)).toBe(0);
  expect(admitted(admits, 100, 1_100)).toBe(1);
});

test('never saves up more than the burst', () => {
  const admits = tokenBucket({ ratePerSecond: 10, burst: 3 });

  expect(admitted(admits, 100, 0)).toBe(3);
  expect(admitted(admits, 100, 3_600_000)).toBe(3);
});
