/**
 * The relation `requests`: one row a request. Firehose delivers at least once, and a replay delivers
 * again, so `access` may have several lines of one request.
 *
 * A request is known by its API, stage and extended request id, which API Gateway makes itself; else
 * by API, stage, request id and time, since a client can choose the request id. A line without either
 * cannot be distinguished from another request that looks the same: it counts as a request of its own. Of
 * several lines the one that names plan and customer is kept. Lines that could not be read are in
 * `access` only.
 *
 * All SQL here is in the subset that Athena and DuckDB share.
 */

import { accessColumnNames, relations } from './schema';

const place = "coalesce(api_id, '') || '/' || coalesce(stage, '')";

/** What is the same in all lines of a request, as text; NULL where the line does not have it. */
export const requestIdentity = `case
  when extended_request_id is not null then 'e/' || ${place} || '/' || extended_request_id
  when request_id is not null and request_time_epoch is not null
    then 'r/' || ${place} || '/' || request_id || '/' || cast(request_time_epoch as varchar)
end`;

/** Whether the line could be read. */
export const isReadable = 'unparsed_line is null and unparsed_line_base64 is null';

/** Whether the line carries a key, and no plan is known for it. */
export const isUnattributed =
  'api_key_id is not null and usage_plan is null and usage_plan_id is null';

/** What two lines of one request must agree on. */
const content = [
  'api_key_id',
  'usage_plan_id',
  'usage_plan',
  'customer_name',
  'http_method',
  'path',
  'status',
  'response_length',
  'request_time_epoch',
];

/** All columns that the statements here read. */
export const tellingColumns: readonly string[] = [
  ...new Set([
    ...['api_id', 'stage', 'extended_request_id', 'request_id'],
    ...['unparsed_line', 'unparsed_line_base64'],
    ...content,
  ]),
];

/** The kept line of a request first: attributed before not, then an order that depends on content only. */
export const preference = [
  'case when usage_plan_id is null and usage_plan is null then 1 else 0 end',
  'case when customer_name is null then 1 else 0 end',
  ...content,
].join(', ');

/** The rows of `requests`, out of a relation with the columns of `access`. */
export function requestsSql(from: string = relations.access): string {
  const names = accessColumnNames.map(quoted).join(', ');
  return `select ${names}
from (
  select identified.*,
    row_number() over (partition by identity order by ${preference}) as copy
  from (select ${from}.*, ${requestIdentity} as identity from ${from} where ${isReadable}) as identified
) as numbered
where copy = 1 or identity is null`;
}

/** Whether the lines of a group, those of one request, differ in more than being repeated. */
export const isConflict = conflict('');

/** The same for each line of the group, which have one identity; false for lines without one. */
export function isConflictAmong(identity: string): string {
  return `(${identity} is not null and ${conflict(` over (partition by ${identity})`)})`;
}

function conflict(over: string): string {
  const differs = content.map((name) => {
    const [least, most, count] = [`min(${name})`, `max(${name})`, `count(${name})`];
    return `${least}${over} <> ${most}${over} or (${count}${over} > 0 and ${count}${over} < count(*)${over})`;
  });
  return `coalesce(${differs.join(' or ')}, false)`;
}

/** One row: how many requests have several lines (`repeated`), and lines that differ (`conflicts`). */
export function repetitionsSql(from: string = relations.access): string {
  return `select count(*) as repeated,
  coalesce(sum(copies - 1), 0) as duplicates,
  coalesce(sum(case when is_conflict then 1 else 0 end), 0) as conflicts
from (
  select identity, count(*) as copies, ${isConflict} as is_conflict
  from (select ${from}.*, ${requestIdentity} as identity from ${from} where ${isReadable}) as identified
  where identity is not null
  group by identity
  having count(*) > 1
) as repeated_requests`;
}

function quoted(name: string): string {
  return `"${name}"`;
}
