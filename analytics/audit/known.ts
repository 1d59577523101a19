/** What is known of an account's resources, as a text between two readings of its records. */

import type { Known, State } from './history';

/** Text of another version is not read: then nothing is known. */
const VERSION = 1;

interface Encoded {
  readonly version: number;
  readonly states: readonly (readonly [string, EncodedState])[];
  readonly names: readonly (readonly [string, number, string])[];
  readonly told: readonly string[];
}

/** Paths as they were written; null where all below was taken away. */
interface EncodedState {
  readonly values: readonly (readonly [path: string, value: string | null])[];
  readonly isWhole: boolean;
}

export function encodeKnown({ states, names, told }: Known): string {
  const encoded: Encoded = {
    version: VERSION,
    states: Array.from(states, ([resource, { values, spelled, isWhole }]) => [
      resource,
      {
        values: Array.from(values, ([path, value]) => [spelled.get(path) ?? path, value]),
        isWhole,
      },
    ]),
    names: Array.from(names, ([key, { time, name }]) => [key, time, name]),
    told: [...told],
  };
  return JSON.stringify(encoded);
}

/** Undefined for a text of another version. Rejects with a `SyntaxError` what is no JSON. */
export function decodeKnown(text: string): Known | undefined {
  const { version, states, names, told } = JSON.parse(text) as Encoded;
  if (version !== VERSION) return undefined;
  return {
    states: new Map(states.map(([resource, state]) => [resource, stateOf(state)])),
    names: new Map(names.map(([key, time, name]) => [key, { time, name }])),
    told: new Set(told),
  };
}

function stateOf({ values, isWhole }: EncodedState): State {
  return {
    values: new Map(values.map(([path, value]) => [path.toLowerCase(), value])),
    spelled: new Map(values.map(([path]) => [path.toLowerCase(), path])),
    isWhole,
  };
}
