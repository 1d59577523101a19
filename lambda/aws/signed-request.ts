/**
 * Single signed calls to AWS services with what the API Gateway client brings along anyway: its
 * credentials, its connections and its signer. A client of S3 would add 140 KB to the bundle and some
 * 15 ms to every cold start, and one of Firehose 45 KB, for the one call that the function makes.
 */

import type { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { SignatureV4 } from '@smithy/signature-v4';

export interface SignedRequest {
  readonly service: string;
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A larger answer is an error, and is not read to its end. */
  readonly maxBytes?: number;
}

export interface SignedResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type SendSigned = (request: SignedRequest, signal: AbortSignal) => Promise<SignedResponse>;

/** It would be no other the next time. */
class AnswerTooLarge extends Error {}

/** Sends with a few attempts: again after a lost connection, throttling or a fault of the service. */
export function signedRequests(client: APIGatewayClient, attempts = 3): SendSigned {
  return async (request, signal) => {
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        const response = await sendOnce(client, request, signal);
        if (!isTransient(response) || attempt === attempts) return response;
      } catch (error) {
        const isFinal = error instanceof AnswerTooLarge;
        if (isFinal || signal.aborted || attempt === attempts) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt * Math.random()));
    }
  };
}

/** Services of the JSON protocol throttle with status 400. */
function isTransient({ status, headers, body }: SignedResponse): boolean {
  if (status === 429 || status >= 500) return true;
  return status === 400 && /Throttl|TooManyRequests/.test(headers['x-amzn-errortype'] ?? `${body}`);
}

async function sendOnce(
  { config }: APIGatewayClient,
  { service, method, url, headers = {}, body, maxBytes = Infinity }: SignedRequest,
  signal: AbortSignal,
): Promise<SignedResponse> {
  const { region, credentials, sha256, requestHandler } = config;
  const signer = new SignatureV4({
    service,
    region,
    credentials,
    sha256,
    // S3 signs paths as they are sent, all others escape them twice.
    uriEscapePath: service !== 's3',
  });
  const signed = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port ? { port: Number(url.port) } : {}),
    path: url.pathname,
    query: {},
    headers: { host: url.host, ...headers },
    body,
  });
  const { response } = await requestHandler.handle(signed, { abortSignal: signal });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size <= maxBytes) continue;
    response.body.destroy?.();
    throw new AnswerTooLarge(`${url.host}${url.pathname} has more than ${maxBytes} bytes`);
  }
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}
