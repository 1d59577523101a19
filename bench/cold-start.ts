/**
 * What a new container takes until it can talk to the control plane: the function's bundle, and what
 * esbuild makes of the same sources without options.
 */

import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { entryOf } from '../lib/functions/bundling';
import { LAMBDA_FLAGS } from './node-binary';
import type { Stage } from './stage';

export interface ColdStart {
  readonly kilobytes: number;
  /** One number a start, each from the first line of the script on. */
  readonly loadMs: number[];
  /** Time with the first call to the control plane, its answer included. */
  readonly firstCallMs: number[];
}

export async function coldStarts(stage: Stage, node: string, starts: number) {
  const bundles = { deployed: stage.functionPath, default: defaultBundle(stage) };
  const results = {} as Record<keyof typeof bundles, ColdStart>;
  for (const [name, path] of Object.entries(bundles) as [keyof typeof bundles, string][]) {
    results[name] = { kilobytes: statSync(path).size / 1024, loadMs: [], firstCallMs: [] };
  }
  for (let round = 0; round < starts; round++) {
    for (const [name, path] of Object.entries(bundles) as [keyof typeof bundles, string][]) {
      const { loadMs, firstCallMs } = await startOnce(stage, node, path);
      results[name].loadMs.push(loadMs);
      results[name].firstCallMs.push(firstCallMs);
    }
  }
  return results;
}

function defaultBundle({ folder }: Stage): string {
  const outfile = join(folder, 'default', 'index.js');
  buildSync({ entryPoints: [entryOf('enrich')], outfile, bundle: true, platform: 'node' });
  return outfile;
}

async function startOnce(stage: Stage, node: string, bundle: string) {
  const script = stage.bundle('cold-start-child.ts');
  const { stderr } = await promisify(execFile)(node, [...LAMBDA_FLAGS, script, bundle], {
    env: { PATH: process.env['PATH'], ...stage.environment },
  });
  return JSON.parse(stderr) as { loadMs: number; firstCallMs: number };
}
