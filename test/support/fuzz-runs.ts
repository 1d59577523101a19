/** How many cases a property is tried with: `npm run fuzz` asks for many, `npm run test:quick` for few. */
export function fuzzRuns(usual: number): number {
  const { FUZZ_RUNS, MAX_RUNS = usual } = process.env;
  return Number(FUZZ_RUNS ?? Math.min(usual, Number(MAX_RUNS)));
}

/** The time that a property may take, in milliseconds: a day, since `npm run fuzz` takes hours. */
export const FUZZ_MS = 86_400_000;
