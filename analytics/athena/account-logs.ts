/**
 * An account's logs as a report asks them: counts of closed days out of roll-ups, their requests out of
 * closed days, and only what is open out of lines.
 */

import type { Cubes } from '../cubes/cube';
import type { Rows } from '../cubes/from-rows';
import { isApproximate } from '../live/all';
import type { Panel, Period, Scope } from '../panels/panel';
import type { Completeness, Value } from '../result';
import { boundedSql, periodOf } from './bounded';
import { addUp, closedCompletenessSql, completenessFrom, completenessSql } from './completeness';
import { historySql } from './history';
import { rolledUpPanels, rowsFromRollups, TooManyRows } from './panel-rollups';
import { cubesOfRollups, endOf, isToldByRollups } from './rollup-cubes';

export interface AccountLogsOptions<R extends Rows> {
  readonly run: (statement: string) => Promise<R>;
  readonly database: string;
  /** The time that statements are about. */
  readonly period: Period;
  /** The time zone of panels' days. */
  readonly timeZone: string;
  /** The last day that is closed and rolled up, with all days before it; undefined where none is. */
  readonly closedUntil: string | undefined;
}

export class AccountLogs<R extends Rows> {
  readonly #options: AccountLogsOptions<R>;

  constructor(options: AccountLogsOptions<R>) {
    this.#options = options;
  }

  /** A statement of a panel: over its period, the earlier one that it compares with, and customers' histories. */
  query(statement: string): Promise<R> {
    const { run, closedUntil } = this.#options;
    const history =
      closedUntil === undefined
        ? undefined
        : historySql(statement, { ...this.#options, closedUntil, closedEnd: endOf(closedUntil) });
    if (history !== undefined) return run(history);
    return this.over(statement, periodOf(statement, this.#options.period));
  }

  over(statement: string, period: Period): Promise<R> {
    const { run, database, closedUntil } = this.#options;
    return run(boundedSql(statement, period, database, closedUntil));
  }

  /** Undefined where roll-ups do not cover the scope: they have hours of UTC, and closed days. */
  cubes(scope: Scope): Promise<Cubes> | undefined {
    const { run, closedUntil } = this.#options;
    if (closedUntil === undefined || !isToldByRollups(scope, closedUntil)) return undefined;
    const ask = (statement: string, open: Period | undefined) =>
      open ? this.over(statement, open) : run(statement);
    return cubesOfRollups(ask, scope, closedUntil);
  }

  /** The rows of the panel's statement, where they follow from roll-ups alone. */
  async rolledUp(panel: Panel, scope: Scope): Promise<Value[][] | undefined> {
    const { run, closedUntil } = this.#options;
    const isFiltered = Object.values(scope.filter).some((value) => value !== undefined);
    if (!rolledUpPanels.includes(panel.id) || isApproximate(panel) || isFiltered) return undefined;
    if (closedUntil === undefined || scope.to > endOf(closedUntil)) return undefined;
    if (!isToldByRollups(scope, closedUntil) || scope.bucket === 'minute') return undefined;
    try {
      const { rows, bucket, isWidened } = await rowsFromRollups(panel, scope, run);
      return bucket === scope.bucket && !isWidened ? rows : undefined;
    } catch (error) {
      if (error instanceof TooManyRows) return undefined;
      throw error;
    }
  }

  async completeness(): Promise<Completeness> {
    const { run, period, closedUntil } = this.#options;
    const closedEnd = closedUntil === undefined ? period.from : endOf(closedUntil);
    const [closed, open] = [
      { from: period.from, to: Math.min(period.to, closedEnd) },
      { from: Math.max(period.from, closedEnd), to: period.to },
    ];
    const ofClosed = async () =>
      completenessFrom((await run(closedCompletenessSql(closed))).rows[0]);
    const ofOpen = async () => completenessFrom((await this.over(completenessSql(), open)).rows[0]);
    if (closed.from >= closed.to) return ofOpen();
    return open.from >= open.to ? ofClosed() : addUp(await ofClosed(), await ofOpen());
  }
}
