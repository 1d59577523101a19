/** How many cases a property is tried with: `npm run fuzz` asks for many, `npm run test:quick` for few. */
export function fuzzRuns(usual: number): number {
  const { FUZZ_RUNS, MAX_RUNS = usual } = process.env;
  return Number(FUZZ_RUNS ?? Math.min(usual, Number(MAX_RUNS)));
}
