/**
 * Runs the property tests with many more cases than `npm test` does, which takes hours.
 *
 *   npm run fuzz                          all of them
 *   npm run fuzz -- test/lambda/core      those below a folder
 *   FUZZ_RUNS=1000 npm run fuzz           with another number of cases each
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A month of closed days takes minutes, a history of an account seconds, a case of the others about a millisecond; the campaign's are lines. */
const suites: readonly { readonly path: string; readonly runs: number }[] = [
  { path: 'test/lambda/core/bytes', runs: 100_000 },
  { path: 'test/lambda/core/record', runs: 100_000 },
  { path: 'test/lambda/core/output', runs: 100_000 },
  { path: 'test/lambda/core/names', runs: 100_000 },
  { path: 'test/lambda/core/batch/campaign', runs: 1_000_000 },
  { path: 'test/lambda/catalog-histories', runs: 500 },
  { path: 'test/lambda/analytics', runs: 10 },
];

const wanted = process.argv.slice(2);
const jest = join(__dirname, '..', 'node_modules', 'jest', 'bin', 'jest.js');
const defaultRuns = join(__dirname, 'support', 'default-runs.ts');
/** The time that a property may take. */
const DAY_MS = 86_400_000;
let failed = 0;
for (const { path, runs } of suites) {
  if (wanted.length > 0 && !wanted.some((it) => path.startsWith(it) || it.startsWith(path)))
    continue;
  const env = { FUZZ_RUNS: String(runs), ...process.env };
  // By a pattern, which has `/` on every system.
  const options = ['--setupFiles', defaultRuns, '--testTimeout', String(DAY_MS)];
  const { status } = spawnSync(process.execPath, [jest, path, ...options], {
    env,
    stdio: 'inherit',
  });
  if (status !== 0) failed++;
}
process.exitCode = failed > 0 ? 1 : 0;
