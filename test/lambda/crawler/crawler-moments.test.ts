/**
 * Whatever an account does, and in whatever order it becomes known: in the end it is known what it held at
 * every moment, where events tell all of it, late and twice as they may come. Judged by the account's own
 * record.
 */

import fc from 'fast-check';
import { Catalog, planFor } from '../../../lambda/core/catalog/catalog';
import type { Snapshot } from '../../../lambda/core/catalog/snapshot';
import { Crawler, type CrawlerOptions } from '../../../lambda/crawler/crawler';
import { readMessage } from '../../../lambda/crawler/message';
import { accountEvent } from '../../support/account-changes';
import { fuzzRuns } from '../../support/fuzz-runs';
import { API_ID, ModelAccount } from '../../support/model-account';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const START = Date.UTC(2026, 10, 20, 10);
const CALL_MS = 150;
const stages = ['s1', 's2'];

const kinds = [
  'put',
  'take',
  'attach',
  'detach',
  'create plan',
  'delete plan',
  'create key',
  'delete key',
  'sweep',
  'ask',
  'replace crawler',
] as const;

interface Step {
  readonly kind: (typeof kinds)[number];
  /** Which key, plan and stage. */
  readonly of: readonly [key: number, plan: number, stage: number];
  /** Time since the step before. */
  readonly afterMs: number;
  /** Times from a change to its event, and to the one that comes again. */
  readonly toldAfterMs: readonly number[];
}

const pause = fc.oneof(
  fc.integer({ min: 1, max: 3 * SECOND }),
  fc.integer({ min: SECOND, max: 2 * MINUTE }),
  fc.constant(10 * MINUTE),
);
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    fc.constantFrom(...kinds),
    fc.constantFrom('put' as const, 'take' as const, 'attach' as const, 'detach' as const),
  ),
  of: fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 7 }), fc.nat({ max: 1 })),
  afterMs: pause,
  toldAfterMs: fc.array(pause, { minLength: 1, maxLength: 2 }),
});

test('what events tell, however late, is known of every moment', async () => {
  const numRuns = fuzzRuns(200);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const world = new World();
      await world.play(steps);

      expect(world.wrong()).toEqual([]);
    }),
    { numRuns },
  );
});

/** An account, its events, and a crawler whose calls take time, in which the account goes on. */
class World {
  now = START;
  readonly account = new ModelAccount(() => this.now);
  readonly keyIds = new Set<string>();
  readonly #listed = new Set<string>();
  #held: Snapshot | undefined;
  #writes = 0;
  #readAt = 0;
  readonly #messages: { readonly at: number; readonly text: string }[] = [];
  readonly #steps: { readonly at: number; readonly step: Step }[] = [];
  #crawler = new Crawler(this.#options());

  async play(steps: readonly Step[]): Promise<void> {
    for (const which of [0, 1, 2]) this.account.createPlan(...stages.slice(which));
    for (const _ of [0, 1]) this.keyIds.add(this.account.createKey());
    await this.#run('{}');
    this.#readAt = this.now;
    let at = this.now;
    for (const it of steps) {
      at += it.afterMs;
      this.#steps.push({ at, step: it });
    }
    for (;;) {
      const message = this.#messages.sort((a, b) => a.at - b.at)[0];
      const next = this.#steps[0];
      if (message && message.at <= (next?.at ?? Infinity)) {
        this.#messages.shift();
        this.now = Math.max(this.now, message.at);
        await this.#run(message.text);
      } else if (next) this.#pass(Math.max(0, next.at - this.now));
      else break;
    }
    this.#pass(MINUTE);
    await this.#run('{}');
  }

  /** What the catalog says otherwise than the account's own record. */
  wrong(): string[] {
    const catalog = new Catalog(this.#held?.usagePlans ?? []);
    const wrong: string[] = [];
    for (const [keyId, stage] of [...this.keyIds].flatMap((id) =>
      stages.map((it) => [id, it] as const),
    )) {
      const periods = this.account.periods(keyId, stage);
      const moments = this.account.moments(keyId, stage);
      const key = catalog.key(keyId);
      for (const [index, { from, planId }] of periods.entries()) {
        const to = periods[index + 1]?.from ?? this.now;
        // Where there was none, the one before counts; where that was for a moment, the one before that may.
        const ended = planId ? undefined : periods[index - 1];
        const expected = planId ?? ended?.planId;
        if (ended?.planId && from - ended.from < 2 * SECOND) continue;
        // A plan that was never listed has no name.
        if (expected && !this.#listed.has(expected)) continue;
        for (const at of [from, from + 1500, (from + to) / 2, to - 1500, to - 1]) {
          if (at <= this.#readAt || at < from || at >= to) continue;
          // Events are dated to the second.
          if (moments.some((moment) => moment !== from && Math.abs(moment - at) < SECOND)) continue;
          const said = key && planFor(key, API_ID, stage, at);
          if (said === (expected && `Name of ${expected}`)) continue;
          wrong.push(`${keyId} at ${stage}, +${(at - START) / SECOND} s: ${said}, not ${expected}`);
        }
      }
    }
    return wrong;
  }

  async #run(text: string): Promise<void> {
    await this.#crawler.run([readMessage(text)]);
  }

  #pass(ms: number): void {
    const until = this.now + ms;
    while ((this.#steps[0]?.at ?? Infinity) <= until) {
      const { at, step: it } = this.#steps.shift() as { at: number; step: Step };
      this.now = Math.max(this.now, at);
      this.#do(it);
    }
    this.now = until;
  }

  #do({ kind, of, toldAfterMs }: Step): void {
    const { account, keyIds } = this;
    account.onCall = ({ name, parameters, response, at }) => {
      const event = accountEvent(name, parameters, new Date(at)) as { detail: object };
      const detail = { ...event.detail, responseElements: response ?? null };
      for (const afterMs of toldAfterMs) {
        this.#messages.push({ at: at + afterMs, text: JSON.stringify({ ...event, detail }) });
      }
    };
    const keyId = [...keyIds][of[0] % keyIds.size] as string;
    const planId = account.plans[of[1] % account.plans.length]?.id ?? '';
    const stage = stages[of[2]] as string;
    if (kind === 'put') account.put(keyId, planId);
    if (kind === 'take') account.take(keyId, planId);
    if (kind === 'attach') account.attach(planId, stage);
    if (kind === 'detach') account.detach(planId, stage);
    if (kind === 'create plan') account.createPlan(...stages.slice(of[2]));
    if (kind === 'delete plan') account.deletePlan(planId);
    if (kind === 'create key') keyIds.add(account.createKey());
    if (kind === 'delete key') account.deleteKey(keyId);
    if (kind === 'sweep') this.#messages.push({ at: this.now, text: '{}' });
    if (kind === 'ask') {
      this.#messages.push({ at: this.now, text: JSON.stringify({ unknownKey: keyId }) });
    }
    if (kind === 'replace crawler') this.#crawler = new Crawler(this.#options());
  }

  #options(): CrawlerOptions {
    const plans = () =>
      this.account.state.usagePlans.map(({ id = '', name, apiStages = [], keys = [] }) => ({
        id,
        name,
        apiStages: apiStages.map(({ apiId = '', stage = '' }) => ({ apiId, stage })),
        keys: keys.map((key) => ({ id: key.id ?? '', name: key.name })),
      }));
    return {
      sources: {
        list: async () => {
          this.#pass(CALL_MS);
          const listed = plans().map(({ keys: _, ...plan }) => plan);
          for (const { id } of listed) this.#listed.add(id);
          this.#pass(CALL_MS);
          return { plans: listed };
        },
        keysOf: async (planId) => {
          this.#pass(CALL_MS);
          const keys = plans().find(({ id }) => id === planId)?.keys ?? [];
          this.#pass(CALL_MS);
          return keys;
        },
        ask: async (keyId) => {
          this.#pass(CALL_MS);
          const found = plans().map((plan) => ({
            ...plan,
            keys: plan.keys.filter(({ id }) => id === keyId),
          }));
          this.#pass(CALL_MS);
          return found.filter(({ keys }) => keys.length > 0);
        },
      },
      store: {
        read: async () => ({ snapshot: this.#held, tag: this.#held && String(this.#writes) }),
        replace: async (_, snapshot) => {
          this.#held = snapshot;
          return { tag: String(++this.#writes), bytes: 1, dropped: 0 };
        },
      },
      requeue: async (message) => {
        this.#messages.push({ at: this.now + 2 * SECOND, text: JSON.stringify(message) });
      },
      now: () => this.now,
      graceMs: 1440 * MINUTE,
      absentMs: 5 * MINUTE,
      callsPerPart: 2,
      callsPerFirstPart: 150,
      callsPerMinute: 60,
      rewriteMs: 60 * MINUTE,
    };
  }
}
