/** The folders of a pipeline's bucket: for the stream, the command line, readers and lifecycle rules. */

/** Delivered lines, unless the property `prefix` names another folder. */
export const LOGS_FOLDER = 'logs/';

/** What could not be processed or delivered; a folder for each of Firehose's kinds of error. */
export const ERRORS_FOLDER = 'errors/';

/** What was under `errors/` and was written into the stream again. */
export const REPLAYED_FOLDER = 'replayed/';

/** Records as they came, where they are backed up. */
export const SOURCE_FOLDER = 'source/';

/** What attached stages logged before; a folder that begins with `_` is none of logs. */
export const NOTES_FOLDER = '_attach/';

/** What is known of plans and stages, for alarms about changes of them. */
export const CHANGE_MEMORY_FOLDER = '_changes/';

export function noteKey(apiId: string, stageName: string): string {
  return `${NOTES_FOLDER}${apiId}/${encodeURIComponent(stageName)}.json`;
}
