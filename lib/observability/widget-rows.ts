import type { IWidget } from 'aws-cdk-lib/aws-cloudwatch';

/** As wide as a dashboard is. */
export const DASHBOARD_COLUMNS = 24;

/** Widgets in rows, one beside the other as long as there is room. */
export function widgetRows(widgets: readonly IWidget[]): IWidget[][] {
  const rows: IWidget[][] = [];
  let free = 0;
  for (const widget of widgets) {
    if (widget.width > free) {
      rows.push([]);
      free = DASHBOARD_COLUMNS;
    }
    rows.at(-1)?.push(widget);
    free -= widget.width;
  }
  return rows;
}
