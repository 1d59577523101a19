export interface TokenBucketOptions {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Answers whether one more request is admitted at a time given in milliseconds. */
export function tokenBucket({ ratePerSecond, burst }: TokenBucketOptions) {
  let tokens = burst;
  let refilledAt = Number.NEGATIVE_INFINITY;
  return (nowMs: number): boolean => {
    const seconds = Math.max(0, (nowMs - refilledAt) / 1000);
    tokens = Math.min(burst, tokens + seconds * ratePerSecond);
    refilledAt = nowMs;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}
