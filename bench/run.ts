/**
 * `npm run bench`: this function beside its rivals, as ratios. `--quick` is for CI: a few rounds, and
 * a failure only where something is several times slower than a rival that it should beat. `--record`
 * writes what it prints to `bench/results.md`. `--runtime` runs it in Lambda's own runtime client.
 */

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { coldStarts } from './cold-start';
import { type BatchName, kindsOfLines } from './corpus';
import { growthHead, growthOfAccount, growthOfBatch, growthOfRecord } from './growth';
import { memory } from './memory';
import { nodeBinary, versionOf } from './node-binary';
import { type Rival, race, rivals, startRunner } from './race';
import {
  bars,
  isMet,
  type Row,
  shortfall,
  spread,
  type Target,
  table,
  targetRow,
  times,
} from './report';
import { runtime } from './runtime';
import { type Stage, setStage } from './stage';
import { median } from './statistics';
import type { Turn } from './worker';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    runtime: { type: 'boolean', default: false },
  },
});

const lines: string[] = [];
const targets: Target[] = [];

function print(text = ''): void {
  lines.push(text);
  console.log(text);
}

interface Race {
  readonly batch: BatchName;
  readonly rivals: readonly Rival[];
  /** Instead of the usual number, where times vary little or many races are of a kind. */
  readonly rounds?: number;
}

const outputsAndParse = ['function', 'canonical', 'ecs', 'parse'] as const;

const races: readonly Race[] = [
  { batch: 'small-1mb', rivals: ['function', 'canonical', 'ecs', 'parse', 'floor', 'sample'] },
  { batch: 'large-1mb', rivals: ['function', 'canonical', 'ecs', 'parse', 'floor', 'sample'] },
  { batch: 'small-3mb', rivals: ['function', 'parse', 'floor', 'sample'] },
  { batch: 'large-3mb', rivals: ['function', 'parse', 'floor', 'sample'] },
  { batch: 'secret-1mb', rivals: ['function', 'parse', 'floor', 'sample'] },
  { batch: 'envelopes-1mb', rivals: ['function', 'inflate'] },
  { batch: 'adversarial-1mb', rivals: ['function'] },
  ...kindsOfLines.map((batch) => ({ batch, rivals: outputsAndParse, rounds: 30 })),
  {
    batch: 'small-1mb',
    rivals: ['folders', 'canonical folders', 'ecs folders', 'parse'],
    rounds: 30,
  },
];

const quickRaces: readonly Race[] = [
  { batch: 'small-1mb', rivals: ['function', 'canonical', 'ecs', 'parse', 'floor'] },
  { batch: 'large-1mb', rivals: ['function', 'canonical', 'ecs', 'parse', 'floor'] },
  { batch: 'envelopes-1mb', rivals: ['function', 'inflate'] },
  { batch: 'nested-1mb', rivals: ['function', 'parse'], rounds: 10 },
  { batch: 'many-lines-1mb', rivals: ['function', 'parse'], rounds: 10 },
];

const hasPython = succeeds('python3', '--version');

async function warmBatches(stage: Stage, node: string): Promise<void> {
  const [usualWarmUps, usualRounds] = options.quick ? [15, 15] : [40, 80];
  const rows: Row[] = [];
  for (const { batch, rivals: all, ...own } of options.quick ? quickRaces : races) {
    const rounds = own.rounds ?? usualRounds;
    const warmUps = Math.min(usualWarmUps, rounds);
    const entrants = all.filter((rival) => rival !== 'sample' || hasPython);
    const path = stage.batch(batch);
    const turns = await race({ stage, node, rivals: entrants, batch: path, warmUps, rounds });
    const fastest = medianOf(turns, entrants[0] as Rival, 'totalMs');
    for (const [rival, all] of turns) {
      const total = all.map(({ totalMs }) => totalMs);
      const handler = all.map(({ handlerMs }) => handlerMs);
      rows.push([
        batch,
        rivals[rival],
        spread(handler),
        spread(total),
        times(median(total) / fastest),
      ]);
    }
    addTargets(batch, turns);
    if (turns.has('floor') && batch === 'small-1mb') chart = barsOf(turns);
  }
  print('## Warm batches\n');
  print('Milliseconds, median and middle 80 %. The last column: how many times the first one’s.\n');
  print(table(['batch', 'who', 'handler', 'end to end', 'ratio'], rows));
  if (!hasPython) print('\nNo python3 here: the sample is left out.');
  print(`\nsmall-1mb, end to end:\n\n${chart}\n`);
}

let chart = '';

function barsOf(turns: Map<Rival, Turn[]>): string {
  return bars(
    [...turns.keys()].map((rival) => [rivals[rival], medianOf(turns, rival, 'totalMs')] as const),
  );
}

function medianOf(turns: Map<Rival, Turn[]>, rival: Rival, part: 'handlerMs' | 'totalMs'): number {
  return median((turns.get(rival) ?? []).map((turn) => turn[part]));
}

function addTargets(batch: BatchName, turns: Map<Rival, Turn[]>): void {
  const ratio = (slow: Rival, fast: Rival, part: 'handlerMs' | 'totalMs' = 'totalMs') =>
    medianOf(turns, slow, part) / medianOf(turns, fast, part);
  const inHandler = (way: Rival) => {
    const larger = way.startsWith('ecs') ? ', which is larger than the other one' : '';
    return (
      `${times(ratio('parse', way, 'handlerMs'))} in the handler alone; the rest is the runtime's, ` +
      `which reads the event and writes the response${larger}`
    );
  };
  if (batch === 'envelopes-1mb') {
    const measured = ratio('function', 'inflate', 'handlerMs');
    targets.push({ what: `${batch}: time of inflate and parse`, measured, atMost: 1.5 });
    return;
  }
  const isKind = kindsOfLines.some((kind) => kind === batch);
  if (isKind || turns.has('folders')) {
    const ways = isKind
      ? outputsAndParse
      : (['folders', 'canonical folders', 'ecs folders'] as const);
    for (const [index, atLeast] of [2, 1.3, 1].entries()) {
      const way = ways[index] as Rival;
      if (!turns.has(way)) continue;
      const what = `${batch}: ${rivals[way]}, faster than parse and stringify`;
      targets.push({ what, measured: ratio('parse', way), atLeast, because: inHandler(way) });
    }
    return;
  }
  const isSmall = batch === 'small-1mb';
  if (!isSmall && batch !== 'large-1mb') return;
  const sample = {
    what: `${batch}: faster than the sample`,
    measured: ratio('sample', 'function'),
  };
  if (turns.has('sample')) targets.push({ ...sample, atLeast: isSmall ? 30 : 20 });
  const measured = ratio('parse', 'function');
  targets.push({
    what: `${batch}: faster than parse and stringify`,
    measured,
    atLeast: isSmall ? 2.5 : 2,
    because: inHandler('function'),
  });
  if (isSmall) {
    const floor = ratio('function', 'floor');
    targets.push({ what: `${batch}: time of the base64 round trip`, measured: floor, atMost: 2 });
  }
  for (const shape of ['canonical', 'ecs'] as const) {
    const what = `${batch}: ${shape}, faster than parse and stringify`;
    targets.push({ what, measured: ratio('parse', shape), atLeast: 1, because: inHandler(shape) });
  }
}

const newKeys =
  'nearly every line is the first of its key here, and half of the time goes into what is then made for ' +
  'the lines to come, by code that is still being compiled; the second batch takes less than half of the time';

const sdkParts =
  'more than half of it is the SDK, and what no call reaches there is class methods and ' +
  'defaults: no bundler drops them, and an edit of the private names of other packages would break with them';

async function firstBatches(stage: Stage, node: string): Promise<void> {
  const rows: Row[] = [];
  for (const batch of ['small-1mb', 'large-1mb'] as const) {
    const firsts = new Map<Rival, Turn[]>([
      ['function', []],
      ['parse', []],
    ]);
    for (let round = 0; round < 15; round++) {
      for (const [rival, turns] of firsts) {
        const runner = await startRunner({ stage, node }, rival);
        turns.push(await runner.take(stage.batch(batch)));
        runner.stop();
      }
    }
    for (const [rival, turns] of firsts) {
      rows.push([batch, rivals[rival], spread(turns.map(({ totalMs }) => totalMs))]);
    }
    const measured = medianOf(firsts, 'parse', 'totalMs') / medianOf(firsts, 'function', 'totalMs');
    const what = `${batch}: first batch, faster than parse and stringify`;
    targets.push({ what, measured, atLeast: 1, because: newKeys });
  }
  print('## First batch\n');
  print('Milliseconds end to end in a new process, which has loaded its catalog.\n');
  print(`${table(['batch', 'who', 'end to end'], rows)}\n`);
}

async function coldStart(node: string): Promise<void> {
  const stage = await setStage([]);
  const starts = await coldStarts(stage, node, 25);
  await stage.close();
  const rows = Object.entries(starts).map(([name, start]): Row => {
    const kilobytes = start.kilobytes.toFixed(0);
    return [`${name} bundle`, kilobytes, spread(start.loadMs), spread(start.firstCallMs)];
  });
  print('## Cold start\n');
  print(
    'Milliseconds under Lambda’s flags; the control plane is on a loopback port, without TLS.\n',
  );
  print(`${table(['', 'KB', 'load', 'with the first call'], rows)}\n`);
  const measured = median(starts.deployed.firstCallMs) / median(starts.default.firstCallMs);
  targets.push({
    what: 'bundle',
    measured: starts.deployed.kilobytes,
    atMost: 300,
    unit: ' KB',
    because: sdkParts,
  });
  targets.push({ what: 'cold start: time of a default bundle', measured, atMost: 0.75 });
}

async function main(): Promise<void> {
  const node = nodeBinary();
  print('# What was measured\n');
  print(
    `- ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model.trim()},`,
  );
  print(`  ${(totalmem() / 2 ** 30).toFixed(0)} GB, ${process.platform} ${process.arch}`);
  print(`- Node ${versionOf(node)} with Lambda’s flags${hasPython ? `, ${pythonVersion()}` : ''}`);
  print(
    `- load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(', ')} before it began: others may be at work`,
  );
  print('- read ratios, not digits: nothing was run on AWS\n');

  if (options.runtime) {
    print(await runtime(node));
    return;
  }
  const stage = await setStage();
  await warmBatches(stage, node);
  if (!options.quick) await firstBatches(stage, node);
  await stage.close();
  if (!options.quick) {
    await coldStart(node);
    print('## Growth\n');
    print('Columns: records in a batch, lines in a record, or keys in the account.\n');
    const growth = [...(await growthOfBatch(node)), await growthOfRecord(node)];
    print(table(growthHead, [...growth, await growthOfAccount(node)]));
    print('\n## Peak memory\n');
    print(`${table(['', 'verbatim', 'canonical', 'ecs'], await memory(node))}\n`);
  }
  print('## Targets\n');
  print(table(['', 'target', 'measured', 'met'], targets.map(targetRow)));
  const unmet = targets.filter((target) => !isMet(target));
  if (unmet.length > 0) print('\nNot met in this run:\n');
  for (const target of unmet) {
    const { what, because } = target;
    print(`- ${what}: ${shortfall(target)}${because ? `; ${because}` : ''}`);
  }

  if (options.record) writeFileSync(join(__dirname, 'results.md'), `${lines.join('\n')}\n`);
  if (options.quick) failIfFarOff();
}

/** CI's machines are noisy: only what is off by a factor is an error. */
function failIfFarOff(): void {
  const far = targets.filter(
    ({ measured, atLeast, atMost }) =>
      measured < (atLeast ?? 0) / 4 || measured > 4 * (atMost ?? Number.POSITIVE_INFINITY),
  );
  for (const { what } of far) console.error(`several times off: ${what}`);
  if (far.length > 0) process.exitCode = 1;
}

function pythonVersion(): string {
  return execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim();
}

function succeeds(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

main();
