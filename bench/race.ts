/** Rivals in turn: one process each, as in Lambda, so that none of them profits from another's JIT. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { LAMBDA_FLAGS } from './node-binary';
import type { Stage } from './stage';
import type { Turn } from './worker';

export const rivals = {
  function: 'this function',
  canonical: 'this function, canonical',
  ecs: 'this function, ecs',
  folders: 'this function, in folders',
  'canonical folders': 'this function, canonical, in folders',
  'ecs folders': 'this function, ecs, in folders',
  parse: 'parse and stringify',
  floor: 'base64 round trip',
  inflate: 'inflate and parse',
  sample: 'Python sample',
} as const;

export type Rival = keyof typeof rivals;

const files: { readonly [Name in Rival]?: string } = {
  parse: 'rivals/parse-and-stringify.ts',
  floor: 'rivals/base64-round-trip.ts',
  inflate: 'rivals/inflate-and-parse.ts',
};

export interface RaceOptions {
  readonly stage: Stage;
  readonly node: string;
  readonly rivals: readonly Rival[];
  readonly batch: string;
  readonly warmUps: number;
  readonly rounds: number;
}

/** The measured turns of each rival. */
export async function race(options: RaceOptions): Promise<Map<Rival, Turn[]>> {
  const runners = await Promise.all(
    options.rivals.map(async (rival) => ({ rival, runner: await startRunner(options, rival) })),
  );
  const turns = new Map(options.rivals.map((rival): [Rival, Turn[]] => [rival, []]));
  for (let round = 0; round < options.warmUps + options.rounds; round++) {
    for (const { rival, runner } of runners) {
      // It takes some hundred times as long as the others, and its times vary less.
      if (rival === 'sample' && round % 5 !== 4) continue;
      const turn = await runner.take(options.batch);
      if (round >= options.warmUps) turns.get(rival)?.push(turn);
    }
  }
  for (const { runner } of runners) runner.stop();
  return turns;
}

export interface Runner {
  take(batch: string): Promise<Turn>;
  stop(): void;
}

export async function startRunner(
  { stage, node }: Pick<RaceOptions, 'stage' | 'node'>,
  rival: Rival,
  environment: Record<string, string> = {},
): Promise<Runner> {
  const [command, ...args] =
    rival === 'sample'
      ? ['python3', '-u', join(__dirname, 'rivals', 'sample.py')]
      : [node, ...LAMBDA_FLAGS, stage.bundle('worker.ts'), entryOf(stage, rival)];
  const [, output = 'verbatim', folders] = /^(canonical|ecs)? ?(folders)?$/.exec(rival) ?? [];
  const settings = { OUTPUT: output, PARTITION_BY: folders ? 'customer' : 'none' };
  const child = spawn(command as string, args, {
    env: { PATH: process.env['PATH'], ...stage.environment, ...settings, ...environment },
    // The function's warnings about hostile records are none of a benchmark's.
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  await ready(child, entryOf(stage, rival) === stage.functionPath && rival !== 'sample');
  const exit = once(child, 'exit').then((): never => {
    throw new Error(`${rivals[rival]} has exited`);
  });
  // Of interest only while a turn is under way.
  exit.catch(() => {});
  return {
    async take(batch) {
      child.send({ batch });
      const [turn] = await Promise.race([once(child, 'message'), exit]);
      return turn as Turn;
    },
    stop: () => child.kill(),
  };
}

function entryOf(stage: Stage, rival: Rival): string {
  const file = files[rival];
  return file ? stage.bundle(file) : stage.functionPath;
}

/** Lets the function load its catalog first, as it does while Lambda starts the container. */
async function ready(child: ChildProcess, loadsCatalog: boolean): Promise<void> {
  const loaded = new Promise<void>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('usage plans loaded')) resolve();
    });
  });
  await once(child, 'message');
  if (loadsCatalog) await loaded;
}
