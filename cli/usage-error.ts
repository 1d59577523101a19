/** The command line, or a file that it names, is wrong: one line with the reason, exit code 2. */
export class UsageError extends Error {}
