/** The panels as statements that Athena keeps: over the days that they need, whenever they are run. */

import { type NamedQuery, namedQueries } from '../render/named-queries';
import { boundedSql, periodOf } from './bounded';

export function storedQueries(database: string): NamedQuery[] {
  return namedQueries(7, (statement, period) =>
    boundedSql(statement, periodOf(statement, period), database),
  );
}
