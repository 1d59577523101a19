/** The command line or a file it names is at fault: one line says how, the exit code is 2. */
export class UsageError extends Error {}
