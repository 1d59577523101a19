/**
 * Tries again what is refused for a while only: IAM takes seconds to make known what a new role may
 * do, and API Gateway makes one change of an API at a time. Throttling is for the SDK to get over.
 */

const ATTEMPTS = 12;

export async function tryAgain<T>(action: () => Promise<T>, waitMs = 5_000): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt === ATTEMPTS || !passes(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** S3 and API Gateway differ in what they call a denial. */
function passes(error: unknown): boolean {
  return (
    error instanceof Error && /^(AccessDenied(Exception)?|ConflictException)$/.test(error.name)
  );
}
