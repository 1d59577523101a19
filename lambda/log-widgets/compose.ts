/** What the function is made of, but for the account that it runs in. */

import type { AthenaClient } from '@aws-sdk/client-athena';
import { daysOf, partitionsSql } from '../../analytics/athena/closed-days';
import { athenaRows } from '../aws/athena-value';
import { queryOnce } from '../aws/query-once';
import type { AthenaPlace, QueryRun } from '../aws/run-query';
import { remembering } from './remembering';
import { type WidgetEvent, widgetHandler } from './widget';

export interface Composition {
  readonly athena: AthenaClient;
  readonly place: AthenaPlace;
  readonly now: () => number;
  /** Waits between looks at a running query. */
  readonly wait: () => Promise<unknown>;
  /** Takes a line of JSON: the cause of what a viewer sees in few words. */
  readonly log: (line: string) => void;
}

export type Handler = (
  event: WidgetEvent,
  context: { getRemainingTimeInMillis(): number },
) => Promise<string>;

/** Time left to answer before Lambda ends the function. */
const TIME_TO_ANSWER_MS = 2_000;
const KEPT_FOR_MS = 600_000;

export function composeHandler({ athena, place, now, wait, log }: Composition): Handler {
  const remembered = remembering<QueryRun>({
    forMs: KEPT_FOR_MS,
    entries: 100,
    isSmall: ({ rows }) => rows.length <= 5000,
    now,
  });
  return (event, context) => {
    const signal = AbortSignal.timeout(
      Math.max(0, context.getRemainingTimeInMillis() - TIME_TO_ANSWER_MS),
    );
    const run = (statement: string) =>
      remembered(statement, () =>
        queryOnce(athena, place, statement, { signal, wait, now: now() }),
      );
    const handler = widgetHandler({
      query: async (statement) => athenaRows(await run(statement)),
      days: async (table) => daysOf((await run(partitionsSql(table))).rows),
      now,
      failed: (panel, error) =>
        log(
          JSON.stringify({ level: 'ERROR', message: 'panel not drawn', panel, error: `${error}` }),
        ),
    });
    return handler(event);
  };
}
