import { partition } from '@aws-sdk/core/client';

/** What the names of a Region's services end in: another one in China and in sovereign clouds. */
export function dnsSuffixOf(region: string): string {
  return partition(region).dnsSuffix;
}
