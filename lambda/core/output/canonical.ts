/**
 * One flat, typed JSON object a line, with the same columns whatever format the log has: what Hive's
 * JSON SerDe, Athena and spreadsheets read.
 *
 * - Columns stand in the order of the field table, then `api_type`, the attribution with what is
 *   configured beside it, and `extra`.
 * - Integers are numbers, everything else is text; `-`, empty and missing values are `null`.
 * - A column whose field the line does not have is left out: that reads as NULL as well, and Firehose
 *   bills a record by its size.
 * - `request_time`, like any other moment in words, has three decimals: `2023-06-09T10:11:12.000Z`, so
 *   that it can be sorted as text. `request_time_epoch`, as any moment in numbers, is in milliseconds.
 * - `usage_plan_id` is the id of the plan that is named beside it.
 * - `extra` is the text of a JSON object, with the values as the log wrote them: as a string it fits
 *   into one column, and its names cannot collide with columns, which Hive compares in lower case.
 */

import { columns, ownColumns } from '../fields';
import { formatToMillisecond } from '../values/times';
import { apiTypeTokenOf } from './api-type';
import { columnConfig } from './columns';
import type { Layout } from './layout';
import type { Renderer, RenderOptions } from './renderer';
import type { TimeWriter } from './tokens';
import { typedLine } from './typed';
import { TypedBytes } from './typed-bytes';
import { unparsedRenderer } from './unparsed';

export function canonicalRenderer(options: RenderOptions): Renderer {
  const layout = canonicalLayout(options);
  return {
    line: typedLine(layout),
    unparsed: unparsedRenderer(options),
    fastPath: new TypedBytes(layout, options.partitionBy),
  };
}

function canonicalLayout(options: RenderOptions): Layout {
  const planKeys = [options.usagePlanField, ownColumns.usagePlanId].map(keyOf);
  const customerKey = keyOf(options.customerNameField);
  return {
    config: columnConfig(options, writeTime),
    conversions: [],
    parts: [
      ...columns.map(({ column }, index) => ({
        key: keyOf(column),
        index,
        writesNull: true as const,
      })),
      { key: keyOf(ownColumns.apiType), derive: apiTypeTokenOf },
      {
        attributed(tokens, columns) {
          const plan = `${planKeys[0]}${tokens.usagePlan},${planKeys[1]}${tokens.usagePlanId},`;
          const others = columns.map((column) => `${keyOf(column[0])}${tokens.column(column)},`);
          return `${plan}${customerKey}${tokens.customerName},${others.join('')}`;
        },
      },
      { extraKey: keyOf(ownColumns.extra) },
    ],
  };
}

function keyOf(name: string): string {
  return `${JSON.stringify(name)}:`;
}

const writeTime: TimeWriter = (instant, type) =>
  type === 'epoch' ? String(instant.epochMs) : `"${formatToMillisecond(instant)}"`;
