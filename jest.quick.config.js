/** The pure half of the tests: no child process, no server, no database, no stack. */

// As many cases of each property as do for a change; `npm test` and `npm run fuzz` run more.
process.env.FUZZ_RUNS ??= '100';

module.exports = {
  ...require('./jest.config.json'),
  testMatch: [
    '**/test/import-boundaries.test.ts',
    '**/test/lambda/core/**/*.test.ts',
    '**/test/analytics/**/*.test.ts',
    '**/test/cli/terminal/*.test.ts',
  ],
  testPathIgnorePatterns: [
    'test/analytics/(live|sample)/',
    'test/analytics/requests',
    // Megabytes of records a case.
    'test/lambda/core/batch/batch-pass',
    'test/analytics/panels/(overview|audit|results)',
    'test/analytics/render/(named-queries|customer-page)',
  ],
};
