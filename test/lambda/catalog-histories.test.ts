/**
 * Whatever happens: random histories of an account, through both functions as they are deployed, judged
 * by the account's own record of what it held when. `FUZZ_RUNS` says how many of each kind, `FUZZ_SEED`
 * which is the first.
 */

import { VirtualTime } from '../../bench/catalog-virtual-time';
import { type Mode, playHistory } from '../support/catalog-history-run';
import { fuzzRuns } from '../support/fuzz-runs';

const runs = fuzzRuns(2);
const firstSeed = Number(process.env['FUZZ_SEED'] ?? 1);

const time = new VirtualTime();
let restore = () => {};
beforeAll(() => {
  restore = time.install();
});
afterAll(() => restore());

const modes: { mode: Mode; what: string }[] = [
  { mode: 'on time', what: 'every line gets the plan of its time where events come on time' },
  { mode: 'clocks', what: 'and so it does where clocks are five minutes wrong' },
  {
    mode: 'late',
    what: 'and so it does in the end where events come late, twice and in any order',
  },
  { mode: 'lost', what: 'what no event tells is found' },
  { mode: 'faults', what: 'nothing that fails makes a line somebody else’s, or stays wrong' },
  { mode: 'alone', what: 'containers by themselves find what has changed' },
];
for (const { mode, what } of modes) {
  test(
    `${what} (${mode})`,
    async () => {
      for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
        const { strict, wrong } = await time.until(playHistory(time, seed, mode));
        time.clear();

        expect({ seed, wrong }).toEqual({ seed, wrong: [] });
        expect(strict).toBeGreaterThan(0);
      }
    },
    120_000 + runs * 60_000,
  );
}
