/**
 * What stands in an event of CloudTrail. The shape of API Gateway's parameters is documented for no
 * event: what they are nested in does not count, nor does how they are nested.
 */

import { isJsonObject } from '../json';
import type { ApiStage } from './usage-plan';

/** Events of the service go a few levels deep. */
const MAX_DEPTH = 16;

/** A value and all that is in it: objects before their members. */
export function* valuesIn(value: unknown, depth = 0): Generator<unknown> {
  yield value;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  for (const item of Object.values(value)) yield* valuesIn(item, depth + 1);
}

/** The objects in a value, lists left out. */
export function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  for (const item of valuesIn(value)) {
    if (isJsonObject(item)) yield item;
  }
}

/** The stage that a patch of a usage plan names: `a1b2c3:prod`. */
export function stageOfPatch(text: string): ApiStage | undefined {
  const [, apiId, stage] = /^([^:]+):(.+)$/.exec(text) ?? [];
  return apiId && stage ? { apiId, stage } : undefined;
}
