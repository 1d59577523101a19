/** Checks that build on each other, a line for each; what comes after a failure is not tried. */

export interface Step {
  readonly title: string;
  readonly check: () => void | Promise<void>;
}

/** Resolves to the number of failures. */
export async function runSteps(steps: readonly Step[]): Promise<number> {
  for (const { title, check } of steps) {
    try {
      await check();
      console.log(`ok      ${title}`);
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      console.log(`FAILED  ${title}`);
      console.log([error instanceof Error ? error.stack : error, stdout, stderr].join('\n'));
      return 1;
    }
  }
  return 0;
}
