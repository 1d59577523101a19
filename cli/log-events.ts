/** Events of CloudWatch Logs, as `get-log-events` and `filter-log-events` list them. */

import { objectOf } from '../lambda/core/json';

const eventMembers = new Set(['timestamp', 'message', 'ingestionTime', 'eventId', 'logStreamName']);

/**
 * The line that an item of a list is, or is the message of; undefined for an object that is one itself.
 *
 * @param isEvent whether the list is known to be one of events: a line may have a message, too
 */
export function lineOf(item: unknown, isEvent: boolean): string | undefined {
  if (typeof item === 'string') return item;
  const event = objectOf(item);
  const { message } = event;
  if (typeof message !== 'string') return undefined;
  const isOne = isEvent || Object.keys(event).every((name) => eventMembers.has(name));
  return isOne ? message : undefined;
}
