import type { Value } from '../result';

/** The order of a statement's rows: by columns, descending where a number is negative, NULLs last either way. */
export function ordered(rows: Value[][], ...places: readonly (number | Descending)[]): Value[][] {
  return rows.sort((one, other) => {
    for (const it of places) {
      const isDescending = typeof it === 'object';
      const place = isDescending ? it.descending : it;
      const order = compare(one[place] ?? null, other[place] ?? null, isDescending);
      if (order !== 0) return order;
    }
    return 0;
  });
}

export interface Descending {
  readonly descending: number;
}

export function descending(place: number): Descending {
  return { descending: place };
}

function compare(one: Value, other: Value, isDescending: boolean): number {
  if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
  if (one === other) return 0;
  return one < other === isDescending ? 1 : -1;
}
