/** What anyone must do with envelopes: inflate, parse, and parse each line in them. No output. */

import { gunzipSync } from 'node:zlib';
import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';

let seen = 0;

export async function handler(
  event: FirehoseTransformationEvent,
): Promise<FirehoseTransformationResult> {
  return {
    records: event.records.map(({ recordId, data }) => {
      const envelope = JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString());
      for (const { message } of envelope.logEvents) if (JSON.parse(message)) seen++;
      return { recordId, result: 'Ok', data: String(seen) };
    }),
  };
}
