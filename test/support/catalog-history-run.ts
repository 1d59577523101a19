/**
 * One random history of an account with everything that keeps catalogs of it, in virtual time, and what
 * the delivered lines say wrongly, judged by the account's own record.
 */

import type { VirtualTime } from '../../bench/catalog-virtual-time';
import { random } from '../../bench/random';
import { type ServiceFault, SimulatedAws } from '../../bench/simulated-aws';
import { accountEvent } from './account-changes';
import { API_ID, ModelAccount, type Period, type RecordedCall } from './model-account';

export type Mode = 'on time' | 'late' | 'lost' | 'faults' | 'clocks' | 'alone';

export interface Outcome {
  readonly lines: number;
  /** How many of them had to have the account's plan. */
  readonly strict: number;
  readonly wrong: readonly string[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const STAGES = ['s1', 's2', 's3'];
const CHANGES = 50;
/** Time from a change until every container knows of it, with its event. */
const KNOWN_MS = 60 * SECOND;
/** Without: a schedule's time, a sweep's, a container's. */
const FOUND_MS = 17 * MINUTE;
const RECOVERED_MS = 34 * MINUTE;
/** CloudTrail tells moments to the second. */
const TOLD_MS = 1000;

interface Line {
  readonly keyId: string;
  readonly stage: string;
  readonly at: number;
}

export async function playHistory(time: VirtualTime, seed: number, mode: Mode): Promise<Outcome> {
  const dice = random(seed);
  const account = new ModelAccount(() => time.now);
  const graceMs = dice.chance(0.5) ? 600 * SECOND : 86_400 * SECOND;
  const aws = new SimulatedAws(time, {
    state: () => account.state,
    environment: { CATALOG_GRACE_SECONDS: String(graceMs / SECOND), CATALOG_TTL_SECONDS: '60' },
    isShared: mode !== 'alone',
  });
  const offset = () => (mode === 'alone' ? 0 : dice.between(-5 * MINUTE, 5 * MINUTE));
  const crawlerOffset = () => (mode === 'clocks' ? offset() : 0);
  let events = 0;
  account.onCall = (call) => {
    const id = ++events;
    if (mode === 'lost' && dice.chance(0.5)) return;
    const isLate = mode === 'late' && dice.chance(0.4);
    const tell = (delayMs: number) =>
      setTimeout(() => aws.send(JSON.stringify(eventOf(call)), `e${id}-${delayMs}`), delayMs);
    tell(isLate ? dice.between(1000, 15 * MINUTE) : dice.between(1000, 10_000));
    if (mode === 'late' && dice.chance(0.1)) tell(dice.between(1000, 15 * MINUTE));
  };
  populate(account, dice);
  aws.replaceCrawler(crawlerOffset());
  aws.schedule();
  await time.sleep(2 * MINUTE);

  const containers = Array.from({ length: dice.between(1, 3) }, () => aws.container(offset()));
  const outcome = { lines: 0, strict: 0, wrong: [] as string[] };
  const keyIds = new Set(account.keyIds);
  const startedAt = time.now;
  let wellSince = Number.POSITIVE_INFINITY;
  let isOver = false;

  const deliver = async (container: number, lines: readonly Line[]) => {
    const beganAt = time.now;
    const handler = containers[container];
    let said: string[][];
    try {
      said = spokenOf(await handler?.(batchOf(lines)));
    } catch (error) {
      if (mode !== 'faults') outcome.wrong.push(`a batch failed: ${(error as Error).message}`);
      return;
    }
    for (const [index, line] of lines.entries()) {
      const [plan = '', customer = ''] = said[index] ?? [];
      outcome.lines++;
      const verdict = judge(account, line, {
        plan,
        customer,
        beganAt,
        now: time.now,
        mode,
        graceMs,
        wellSince,
      });
      if (verdict.isStrict) outcome.strict++;
      if (verdict.wrong) {
        outcome.wrong.push(
          `+${Math.round((beganAt - startedAt) / SECOND)} s, container ${container}: ${verdict.wrong}`,
        );
      }
    }
  };
  const someLines = (): Line[] =>
    Array.from({ length: 12 }, () => {
      const keyId = dice.pick([...keyIds]);
      const stage = dice.pick(STAGES);
      const moments = account
        .periods(keyId, stage)
        .map(({ from }) => from)
        .filter(Number.isFinite);
      const around = dice.chance(0.6) && moments.length > 0;
      const at = around
        ? dice.pick(moments.slice(-4)) +
          dice.pick([-90_000, -20_000, -2500, -1200, 1200, 2500, 20_000, 90_000])
        : time.now - dice.between(0, 20 * MINUTE);
      return { keyId, stage, at: Math.min(at, time.now) };
    });

  const batches = (async () => {
    while (!isOver) {
      await time.sleep(dice.between(5, 40) * SECOND);
      await deliver(dice.between(0, containers.length - 1), someLines());
    }
  })();
  const schedule = (async () => {
    for (;;) {
      await time.sleep(15 * MINUTE);
      if (isOver) return;
      aws.schedule();
    }
  })();

  for (let change = 0; change < CHANGES; change++) {
    await time.sleep(
      dice.chance(0.1) ? dice.between(2, 20) * MINUTE : dice.between(0, 60) * SECOND,
    );
    await changeOnce(account, dice, time);
    for (const id of account.keyIds) keyIds.add(id);
    if (dice.chance(0.05))
      containers[dice.between(0, containers.length - 1)] = aws.container(offset());
    if (dice.chance(0.06)) aws.replaceCrawler(crawlerOffset());
    if (mode === 'faults') disturb(aws, dice);
  }
  aws.fault = () => undefined;
  wellSince = time.now;
  const settlingMs = mode === 'on time' || mode === 'clocks' ? KNOWN_MS + 5000 : RECOVERED_MS;
  await time.sleep(settlingMs + (mode === 'faults' ? 15 * MINUTE : 0));
  isOver = true;
  await Promise.all([batches, schedule]);

  const all = [...keyIds].flatMap((keyId) =>
    STAGES.map((stage) => ({ keyId, stage, at: time.now })),
  );
  for (let container = 0; container < containers.length; container++) await deliver(container, all);
  return outcome;
}

type Dice = ReturnType<typeof random>;

function populate(account: ModelAccount, dice: Dice): void {
  for (let plan = 0; plan < 4; plan++) {
    account.createPlan(...STAGES.filter(() => dice.chance(0.5)));
  }
  for (let key = 0; key < 6; key++) {
    const id = account.createKey();
    for (const plan of account.plans) if (dice.chance(0.5)) account.put(id, plan.id);
  }
}

/** One of the things that operators do: some are several calls, seconds apart. */
async function changeOnce(account: ModelAccount, dice: Dice, time: VirtualTime): Promise<void> {
  const plan = dice.pick(account.plans)?.id ?? account.createPlan('s1');
  const keyId = dice.pick(account.keyIds) ?? account.createKey();
  const pause = () => time.sleep(dice.pick([0, 300, 1500, 5000]));
  const holders = account.plans.filter(({ keys }) => keys.has(keyId));
  switch (dice.between(0, 13)) {
    case 0:
    case 1:
      account.put(keyId, plan);
      break;
    case 2:
      if (holders[0]) account.take(keyId, holders[0].id);
      break;
    case 3:
    case 4:
    case 5:
      for (const holder of holders) {
        account.take(keyId, holder.id);
        await pause();
      }
      account.put(keyId, plan);
      break;
    case 6:
      account.attach(plan, dice.pick(STAGES));
      break;
    case 7:
      account.detach(plan, dice.pick(STAGES));
      break;
    case 8: {
      const from = dice.pick(account.plans);
      const stage = [...(from?.stages ?? [])][0];
      if (!from || !stage) break;
      account.detach(from.id, stage);
      await pause();
      account.attach(plan, stage);
      break;
    }
    case 9: {
      const made = account.createPlan(...STAGES.filter(() => dice.chance(0.4)));
      await pause();
      account.put(keyId, made);
      break;
    }
    case 10: {
      const gone = dice.pick(account.plans);
      if (!gone || account.plans.length < 3) break;
      const [stage] = gone.stages;
      for (const it of gone.stages) {
        account.detach(gone.id, it);
        await pause();
      }
      const [key] = gone.keys;
      account.deletePlan(gone.id);
      await pause();
      if (!key || !stage) break;
      const other = account.plans.find(({ stages }) => stages.has(stage));
      if (other) account.put(key, other.id);
      break;
    }
    case 11:
      account.deleteKey(keyId);
      break;
    case 12: {
      const made = account.createKey();
      account.put(made, plan);
      break;
    }
    default:
      if (dice.chance(0.5)) account.renameKey(keyId);
      else account.limit(plan);
  }
}

function disturb(aws: SimulatedAws, dice: Dice): void {
  if (dice.chance(0.3)) {
    const kind = dice.pick<ServiceFault>(['denied', 'failing', 'slow', 'lost', 'cut', undefined]);
    const service = dice.pick(['s3', 'sqs', 'api']);
    const share = dice.pick([0.1, 0.5, 1]);
    aws.fault = (of) => (of === service && dice.chance(share) ? kind : undefined);
  }
  if (dice.chance(0.05)) aws.killCrawler();
  if (dice.chance(0.03)) aws.store(undefined);
  if (dice.chance(0.03)) aws.store(Buffer.from('no snapshot'));
  if (dice.chance(0.05) && aws.versions.length > 0) aws.store(dice.pick(aws.versions).body);
  if (dice.chance(0.05)) aws.send(dice.pick(['{', '[]', '{"unknownKey":7}', '['.repeat(20_000)]));
  if (dice.chance(0.05)) aws.send('{"unknownKey":"a b/../c"}');
}

function eventOf({ name, parameters, response, at }: RecordedCall): object {
  const event = accountEvent(name, parameters, new Date(at)) as { detail: object };
  return { ...event, detail: { ...event.detail, responseElements: response ?? null } };
}

function batchOf(lines: readonly Line[]) {
  const texts = lines.map(({ keyId, stage, at }) =>
    JSON.stringify({ apiKeyId: keyId, apiId: API_ID, stage, requestTimeEpoch: at }),
  );
  return {
    records: [{ recordId: 'r', data: Buffer.from(`${texts.join('\n')}\n`).toString('base64') }],
  };
}

function spokenOf(answer: unknown): string[][] {
  const { records } = answer as { records: { data?: string }[] };
  const text = Buffer.from(records[0]?.data ?? '', 'base64')
    .toString()
    .trimEnd();
  return text.split('\n').map((line) => {
    const { usage_plan, customer_name } = JSON.parse(line);
    return [usage_plan, customer_name];
  });
}

interface Saying {
  readonly plan: string;
  readonly customer: string;
  readonly beganAt: number;
  readonly now: number;
  readonly mode: Mode;
  readonly graceMs: number;
  readonly wellSince: number;
}

function judge(
  account: ModelAccount,
  line: Line,
  said: Saying,
): { isStrict: boolean; wrong?: string } {
  const { plan, customer, beganAt, now, mode, graceMs, wellSince } = said;
  const { keyId, stage, at } = line;
  const periods = account.periods(keyId, stage);
  const names = account.names(keyId);
  const tell = (what: string) => ({
    isStrict: true,
    wrong: `${keyId} at ${stage} ${Math.round((beganAt - at) / SECOND)} s ago: ${plan}/${customer}, ${what}; had ${show(periods, beganAt)}`,
  });

  // Whatever happens: never somebody else's name, never a plan that had not both.
  if (customer !== '-' && !names.some(({ name }) => name === customer))
    return tell('no such customer');
  const planId = plan === '-' ? undefined : plan.replace('Name of ', '');
  if (planId && !account.everHad(planId, keyId, stage)) return tell('never so');

  const boundMs =
    mode === 'on time' || mode === 'clocks' ? KNOWN_MS : mode === 'alone' ? 90_000 : FOUND_MS;
  const changedAt = [...account.moments(keyId, stage), ...names.map(({ from }) => from)];
  if (mode === 'faults' && beganAt < wellSince + RECOVERED_MS) return { isStrict: false };
  if (changedAt.some((moment) => moment > beganAt - boundMs && moment <= now))
    return { isStrict: false };

  const knowsMoments = mode === 'on time' || mode === 'clocks' || mode === 'late';
  const isNow = periods.every(({ from }) => from <= at);
  if (!knowsMoments && !isNow) return { isStrict: false };
  // What no event told is not certain, and counts for the grace period.
  if (!knowsMoments && plan === '-' && at <= now - graceMs) return { isStrict: false };
  // Of what is gone only memory tells: that of a container, or a snapshot that nobody has removed.
  const isRemembered = mode !== 'alone' && mode !== 'faults';
  if (!isRemembered && periods.at(-1)?.planId === undefined) return { isStrict: false };
  const margin = mode === 'clocks' ? 3 * TOLD_MS : TOLD_MS;
  if (periods.some(({ from }) => Math.abs(from - at) < margin)) return { isStrict: false };

  // What is longer ago than what is kept of the past.
  if (at < now - graceMs - 23 * 60 * MINUTE) return { isStrict: false };
  const holding = periods.findLast(({ from }) => from <= at);
  const index = periods.indexOf(holding as Period);
  // Where the account had none, it may be the one that it had; within the grace period it has to be.
  const last = holding?.planId ?? periods[index - 1]?.planId;
  const endOf = (of: number) => periods[of + 1]?.from ?? Infinity;
  const foundGone = holding?.planId ? endOf(index) : (holding?.from ?? 0);
  if (holding?.planId) {
    if (!isLongEnough(account, holding.planId, boundMs)) return { isStrict: false };
    if (planId === holding.planId) return checkName();
    if (foundGone + graceMs > now) return tell(`not ${holding.planId}`);
    return planId === undefined ? { isStrict: false } : tell(`not ${holding.planId}, nor -`);
  }
  // Nobody has seen what came and went between two readings.
  const wasSeen = knowsMoments || (holding?.from ?? 0) - (periods[index - 1]?.from ?? 0) > boundMs;
  const lasted = (holding?.from ?? 0) - (periods[index - 1]?.from ?? 0);
  if (lasted < 2 * margin) return { isStrict: false };
  if (!wasSeen || (last !== undefined && !isLongEnough(account, last, boundMs))) {
    return { isStrict: false };
  }
  if (planId !== undefined && planId !== last) {
    // Where no event told when the next plan began, it may have begun from the last reading on.
    const mayHaveBegun = !knowsMoments && account.came(planId, keyId, stage, at, at + boundMs);
    return mayHaveBegun ? { isStrict: false } : tell(`not ${last ?? '-'}`);
  }
  const isGraced = last !== undefined && foundGone + graceMs > now;
  if (isGraced && planId === undefined) return tell(`- before the grace is over, not ${last}`);
  return checkName();

  function checkName(): { isStrict: boolean; wrong?: string } {
    const newest = account.newestNames(keyId, boundMs);
    const isGone = names.at(-1)?.name === undefined;
    const goneAt = names.at(-1)?.from ?? 0;
    const isForgotten = isGone && goneAt + graceMs <= now + boundMs;
    // In a plan, but for no stage of those that are asked for: its plan may be gone.
    if (newest.length === 0 || isForgotten || planId === undefined) return { isStrict: true };
    if (newest.includes(customer)) return { isStrict: true };
    return tell(`not ${newest[0]}`);
  }
}

/** For its name to be read. */
function isLongEnough(account: ModelAccount, planId: string, boundMs: number): boolean {
  const { from, to } = account.lifeOf(planId);
  return to - from > boundMs + MINUTE;
}

function show(periods: readonly Period[], now: number): string {
  return periods
    .map(({ from, planId }) => `${planId ?? '-'} since ${Math.round((now - from) / 100) / 10} s`)
    .join(', ');
}
