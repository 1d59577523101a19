/**
 * What a run needs beside the sources, in a temporary folder that goes with it: batches and account as
 * files, rivals and function as bundles, and a control plane on a loopback port.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { startControlPlane } from '../emulator/control-plane';
import { bundleFunction } from '../lib/functions/bundling';
import { account, type BatchName, contentsOf, eventText, type Plan } from './corpus';

export interface Stage {
  readonly folder: string;
  readonly plans: readonly Plan[];
  /** Path of the file that is the function as it is deployed. */
  readonly functionPath: string;
  readonly environment: Record<string, string>;
  /** Path of a file with the event's text. */
  batch(name: BatchName): string;
  writeBatch(name: string, contents: readonly (string | Buffer)[]): string;
  /** Bundles a file of this folder; returns the path. */
  bundle(file: string): string;
  close(): Promise<void>;
}

export async function setStage(plans = account(20, 10_000)): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'apigw-logs-bench-'));
  const accountPath = join(folder, 'account.json');
  writeFileSync(accountPath, JSON.stringify(plans));
  const controlPlane = await startControlPlane({ usagePlans: plans as Plan[] });
  mkdirSync(join(folder, 'function'));
  const built = new Map<string, string>();

  const once = (name: string, make: (path: string) => void): string => {
    const path = built.get(name) ?? join(folder, name);
    if (!built.has(name)) make(path);
    built.set(name, path);
    return path;
  };
  const writeBatch = (name: string, contents: readonly (string | Buffer)[]) =>
    once(`${name}.json`, (path) => writeFileSync(path, eventText(contents)));

  return {
    folder,
    plans,
    functionPath: bundleFunction('enrich', join(folder, 'function')),
    environment: {
      BENCH_ACCOUNT: accountPath,
      AWS_ENDPOINT_URL_API_GATEWAY: controlPlane.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      // As Lambda sets it; logs and metrics are written as they are there.
      AWS_LAMBDA_FUNCTION_NAME: 'bench',
      PIPELINE_NAME: 'bench',
      // What is asked of the control plane for unknown keys is no rival's business.
      UNKNOWN_KEY_CALLS_PER_MINUTE: '0',
    },
    batch: (name) => writeBatch(name, built.has(`${name}.json`) ? [] : contentsOf(name, plans)),
    writeBatch,
    bundle: (file) =>
      once(`${file.replaceAll('/', '-')}.js`, (outfile) => {
        buildSync({
          entryPoints: [join(__dirname, file)],
          outfile,
          bundle: true,
          platform: 'node',
          target: 'node20',
          logLevel: 'warning',
        });
      }),
    async close() {
      await controlPlane.close();
      rmSync(folder, { recursive: true });
    },
  };
}
