/**
 * Calls PutRecordBatch with one signed request. Pieces go into it as they are: its JSON has records
 * in base64, as the function does.
 */

import { type Environment, endpointOf } from '../aws/endpoint';
import type { SendSigned, SignedResponse } from '../aws/signed-request';
import type { PutRecords } from './reingest';

/** Enough for 4 MiB on a slow day, with the repetitions. */
const TIMEOUT_MS = 30_000;

export interface PutRecordsOptions {
  readonly send: SendSigned;
  readonly region: () => Promise<string>;
  readonly environment: Environment;
}

export function putRecordsBy({ send, region, environment }: PutRecordsOptions): PutRecords {
  return async (streamName, pieces) => {
    const response = await send(
      {
        service: 'firehose',
        method: 'POST',
        url: endpointOf('firehose', await region(), environment),
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'Firehose_20150804.PutRecordBatch',
        },
        body: JSON.stringify({
          DeliveryStreamName: streamName,
          Records: pieces.map((Data) => ({ Data })),
        }),
      },
      AbortSignal.timeout(TIMEOUT_MS),
    );
    if (response.status !== 200) throw refusal(response);
    const { RequestResponses } = JSON.parse(response.body.toString()) as {
      RequestResponses: readonly { readonly RecordId?: string }[];
    };
    return RequestResponses;
  };
}

/** Named and worded by the service, or, where what answers is none, by the status. */
function refusal({ status, headers, body }: SignedResponse): Error {
  let answer: { __type?: string; message?: string; Message?: string } = {};
  try {
    answer = JSON.parse(body.toString());
  } catch {}
  const type = (headers['x-amzn-errortype'] ?? answer.__type ?? '').replace(/^.*#|:.*$/g, '');
  const error = new Error(answer.message ?? answer.Message ?? `the stream answered ${status}`);
  if (type !== '') error.name = type;
  return error;
}
