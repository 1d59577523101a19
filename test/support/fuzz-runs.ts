/** How many cases a property is tried with: `npm run fuzz` asks for many more than `npm test`. */
export function fuzzRuns(usual: number): number {
  return Number(process.env['FUZZ_RUNS'] ?? usual);
}

/** The time that a property may take, in milliseconds: a day, since `npm run fuzz` takes hours. */
export const FUZZ_MS = 86_400_000;
