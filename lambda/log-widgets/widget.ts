/**
 * The custom widgets of the access-log dashboards: a panel of the report, drawn from roll-ups.
 *
 * Of a widget's parameters only the name of a panel is looked at, and only a known one is taken. Its
 * statements are fixed; what goes into them are hours, which are numbers.
 */

import { lastInARow } from '../../analytics/athena/closed-days';
import {
  rolledUpPanels,
  rollupTablesOf,
  rowsFromRollups,
  TooManyRows,
} from '../../analytics/athena/panel-rollups';
import type { Rows } from '../../analytics/cubes/from-rows';
import { panelOf } from '../../analytics/panels/all';
import type { Scope } from '../../analytics/panels/panel';
import { dark as darkTheme, light as lightTheme } from '../../analytics/render/charts/theme';
import { clockOf } from '../../analytics/render/clock';
import { escapeMarkup } from '../../analytics/render/escape';
import { renderSvg } from '../../analytics/render/svg';
import { DAY } from '../../analytics/time-zone';
import {
  type Looks,
  looksOf,
  offsetOf,
  refusal,
  timeRangeOf,
  type WidgetContext,
} from '../widgets/context';
import { scopeOf } from './scope';

/** The part of the event that is read; a viewer may send anything. */
export interface WidgetEvent {
  readonly describe?: unknown;
  readonly panel?: unknown;
  readonly widgetContext?: WidgetContext;
}

export interface WidgetEdges {
  /** Rejects with Athena's message. */
  readonly query: (statement: string) => Promise<Rows>;
  /** The days that a roll-up has. */
  readonly days: (table: string) => Promise<ReadonlySet<string>>;
  readonly now: () => number;
  /** Called with the cause of what a viewer sees in few words. */
  readonly failed: (panel: string, error: Error) => void;
}

const FORTNIGHT = 14 * DAY;
/** Below the picture, for what it is about. */
const NOTE_HEIGHT = 22;

const documentation = `
## Panels of API Gateway's access logs

Draws a panel of \`apigw-logs report\` for the dashboard's range, out of the roll-ups of days that are
closed. The only parameter is the panel's name:

\`\`\` yaml
panel: customers
\`\`\`

Panels: ${rolledUpPanels.join(', ')}.
`;

export function widgetHandler(edges: WidgetEdges): (event: WidgetEvent) => Promise<string> {
  return async (event) => {
    if (event.describe) return documentation;
    const id = rolledUpPanels.find((one) => one === event.panel);
    if (id === undefined) return refusal('panel', event.panel, rolledUpPanels);
    const context = event.widgetContext ?? {};
    const looks = looksOf(context);
    try {
      return await draw(edges, id, context, looks);
    } catch (error) {
      edges.failed(id, error as Error);
      return message(explained(error as Error), looks);
    }
  };
}

async function draw(
  edges: WidgetEdges,
  id: string,
  context: WidgetContext,
  looks: Looks,
): Promise<string> {
  const now = edges.now();
  const closedUntil = await lastRolledUp(edges, id);
  if (closedUntil === undefined) {
    return message(
      'No day is rolled up yet: a day is closed a day or more after its end. The alarm days-behind tells if the step that closes days does not run.',
      looks,
    );
  }
  const range = timeRangeOf(context) ?? { start: now - FORTNIGHT, end: now };
  const scope = scopeOf(range, offsetOf(context), closedUntil);
  if (!scope) {
    return message(
      `No closed day is in this range: days are rolled up until ${closedUntil} (UTC). Choose a longer one.`,
      looks,
    );
  }
  const panel = panelOf(id);
  const { rows, bucket } = await rowsFromRollups(panel, scope, edges.query);
  const picture = renderSvg({
    panel,
    rows,
    scope: { ...scope, bucket },
    ...looks,
    height: looks.height - NOTE_HEIGHT,
    hasTitle: false,
  });
  return `${picture}${note(aboutScope(scope, closedUntil), looks)}`;
}

/** The last day that all roll-ups of a panel have, with all days before it. */
async function lastRolledUp({ days }: WidgetEdges, id: string): Promise<string | undefined> {
  const [first = new Set<string>(), ...others] = await Promise.all(rollupTablesOf(id).map(days));
  return lastInARow(new Set([...first].filter((day) => others.every((other) => other.has(day)))));
}

function aboutScope({ from, to, timeZone }: Scope, closedUntil: string): string {
  const clock = clockOf(timeZone);
  // POSIX counts the other way round.
  const zone = timeZone.replace(/^Etc\/GMT([+-])/, (_, sign) => `UTC${sign === '+' ? '-' : '+'}`);
  return `${clock.moment(from)} to ${clock.moment(to)} (${zone}) · days are closed until ${closedUntil}`;
}

function explained(error: Error): string {
  if (error instanceof TooManyRows) {
    return 'This is more than a widget can show. Choose a shorter range, or ask apigw-logs report --stack.';
  }
  if (/^(Timeout|Abort)Error$/.test(error.name)) {
    return 'Athena did not answer in time. Refresh the widget to ask again.';
  }
  const [first = ''] = error.message.split('\n');
  return `Athena did not answer: ${first.slice(0, 300)}`;
}

/** Instead of a picture. */
function message(text: string, { theme }: Looks): string {
  return paragraph(text, 'font:13px sans-serif;margin:12px', theme);
}

/** Below a picture. */
function note(text: string, { theme }: Looks): string {
  return paragraph(text, 'font:11px sans-serif;margin:2px 12px', theme);
}

function paragraph(text: string, style: string, theme: Looks['theme']): string {
  const { muted } = theme === 'dark' ? darkTheme : lightTheme;
  return `<p style="${style};color:${muted}">${escapeMarkup(text)}</p>`;
}
