/** The pure core's tests: no child process, no server, no database, no stack. Under 20 s. */

// `npm test` tries more cases of each property, and `npm run fuzz` many more.
process.env.MAX_RUNS = '20';

module.exports = {
  ...require('./jest.config.json'),
  setupFiles: ['<rootDir>/test/support/default-runs.ts'],
  testMatch: [
    '**/test/import-boundaries.test.ts',
    '**/test/lambda/core/**/*.test.ts',
    '**/test/cli/terminal/*.test.ts',
  ],
  testPathIgnorePatterns: [
    // Megabytes of records a case.
    'test/lambda/core/batch/(batch-pass|growth)',
    // Lines of every format that a check speaks of.
    'test/lambda/core/format/(check/statements|known/known-formats|public-formats)',
  ],
};
