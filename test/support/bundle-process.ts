/** A function's bundle in a process of its own that knows nothing of this one's environment. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FirehoseTransformationResult } from 'aws-lambda';

export interface BundleProcess {
  /** The response of the function behind the stream; others have none. */
  invoke(event: object): Promise<FirehoseTransformationResult>;
  /** The most memory that it has had so far, in bytes. */
  readonly peakBytes: number;
  /** Lets it finish; gives what it wrote to its log. */
  end(): Promise<string>;
  kill(): void;
}

// Not by resourceUsage: its highest value is that of the process that this one was forked from.
const script = `const { readFileSync } = require('node:fs');
const { handler } = require(process.argv[1]);
const peakBytes = () => 1024 * Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status'))?.[1]);
process.on('message', (event) => {
  if (!event) return process.exit();
  handler(event, { getRemainingTimeInMillis: () => 900_000 }).then(
    (response) => process.send({ response, peakBytes: peakBytes() }),
    ({ message }) => process.send({ message }),
  );
});`;

interface Answer {
  readonly response?: FirehoseTransformationResult;
  readonly message?: string;
  readonly peakBytes?: number;
}

export function startBundle(
  path: string,
  environment: Record<string, string>,
  nodeOptions: readonly string[] = [],
): BundleProcess {
  const child = spawn(process.execPath, [...nodeOptions, '-e', script, path], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      AWS_REGION: 'eu-west-1',
      PIPELINE_NAME: 'orders',
      // As on Lambda: errors, too, are written to standard output.
      AWS_LAMBDA_FUNCTION_NAME: 'orders',
      NODE_NO_WARNINGS: '1',
      ...environment,
    },
  });
  let log = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const died = once(child, 'exit').then(([code, signal]): never => {
    throw new Error(`the process ended: ${code ?? signal}`);
  });
  // It ends in any case; only who waits for an answer is to hear of it.
  died.catch(() => {});
  let peak = 0;
  return {
    get peakBytes() {
      return peak;
    },
    async invoke(event) {
      child.send(event);
      const answered = once(child, 'message') as Promise<[Answer]>;
      const [{ response, message, peakBytes = 0 }] = await Promise.race([answered, died]);
      peak = peakBytes;
      if (message !== undefined) throw new Error(message);
      return response as FirehoseTransformationResult;
    },
    async end() {
      const closed = once(child, 'close');
      child.send(false);
      await closed;
      return log;
    },
    kill: () => void child.kill(),
  };
}
