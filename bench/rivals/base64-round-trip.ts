/** The floor: nothing but decoding and encoding, into and out of one buffer. */

import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';

const scratch = Buffer.allocUnsafeSlow(1024 * 1024);

export async function handler(
  event: FirehoseTransformationEvent,
): Promise<FirehoseTransformationResult> {
  return {
    records: event.records.map(({ recordId, data }) => {
      const length = scratch.write(data, 0, 'base64');
      return { recordId, result: 'Ok', data: scratch.toString('base64', 0, length) };
    }),
  };
}
