/**
 * Calls in order: each one once, with what was there before it, and the names of what it is about.
 *
 * A record has the new value only. What was there before is known from earlier records: from what a
 * resource was made with, from what changed it, and from what those calls answered.
 */

import type { Change } from './changes';
import { effectsOf, type SettingChange } from './effects';
import type { AuditEvent, Setting } from './read-event';

export interface History {
  /** In the order of time. */
  readonly changes: readonly Change[];
  /** Repeated records of a call. */
  readonly duplicates: number;
  /** What later calls can be compared with. */
  readonly known: Known;
}

/** What is known from earlier records: the resources as they were, and their names. */
export interface Known {
  readonly states: ReadonlyMap<string, State>;
  readonly names: ReadonlyMap<string, NameOfTime>;
  /** Ids of the last records: a record that comes twice does so within a day or so. */
  readonly told: ReadonlySet<string>;
}

export interface NameOfTime {
  readonly time: number;
  readonly name: string;
}

export const NOTHING_KNOWN: Known = { states: new Map(), names: new Map(), told: new Set() };

/** The longest text of a call. */
const MAX_TEXT = 4096;

/** @param before what is known from earlier records of other calls */
export function historyOf(events: readonly AuditEvent[], before: Known = NOTHING_KNOWN): History {
  const ordered = [...events].sort(inTime);
  const told = new Set<string>();
  const once = ordered.filter(({ change: { event_id: id } }) => {
    if (id === null) return true;
    if (told.has(id) || before.told.has(id)) return false;
    told.add(id);
    return true;
  });
  const names = new Names(once, before.names);
  const states = new Map(before.states);
  const changes = once.map((event) => {
    const settings = withBefore(event, states);
    const effects = effectsOf(event, settings);
    return {
      ...event.change,
      ...names.of(event),
      effect: effects.length > 0 ? effects.join(', ') : null,
      change: textOf(event, settings),
    };
  });
  const known = { states, names: names.latest, told };
  return { changes, duplicates: ordered.length - once.length, known };
}

function inTime({ change: one }: AuditEvent, { change: other }: AuditEvent): number {
  const byTime = one.event_time_epoch - other.event_time_epoch;
  if (byTime !== 0) return byTime;
  return (one.event_id ?? '') < (other.event_id ?? '') ? -1 : 1;
}

/** What a resource has, by paths in lower case; null where all below was taken away. */
export interface State {
  readonly values: Map<string, string | null>;
  /** Paths as they were written. */
  readonly spelled: Map<string, string>;
  /** Whether it is all there is: what is not in it is not there. */
  readonly isWhole: boolean;
}

function withBefore(event: AuditEvent, states: Map<string, State>): SettingChange[] {
  const key = resourceOf(event);
  const found = key === undefined ? undefined : states.get(key);
  const state: State = {
    values: new Map(found?.values),
    spelled: new Map(found?.spelled),
    isWhole: found?.isWhole ?? event.verb === 'Create',
  };
  const settings = event.settings.map((setting) => ({
    ...setting,
    before: valueIn(state, setting),
  }));
  if (key === undefined || event.change.error_code !== null) return settings;
  if (event.verb === 'Delete' && !partOf(event)) {
    states.delete(key);
    return settings;
  }
  for (const setting of event.settings) apply(setting, state);
  if (partOf(event)) apply({ op: 'remove', path: 'accessLogSettings', value: null }, state);
  // An answer may leave things out: what was asked for stays.
  for (const [path, value] of event.state ?? []) apply({ op: 'set', path, value }, state);
  states.set(key, state);
  return settings;
}

/** Whether a call takes a part of a stage away. */
function partOf({ subject }: AuditEvent): boolean {
  return subject === 'AccessLogSettings';
}

/** What a call changes, as a text; undefined where that is nothing whose values are kept. */
export function resourceOf({ subject, change }: AuditEvent): string | undefined {
  const { account_id: account, region, usage_plan_id, api_key_id, api_id, stage } = change;
  const within = (...parts: (string | null)[]) =>
    parts.includes(null) ? undefined : JSON.stringify([account, region, ...parts]);
  if (subject === 'UsagePlan') return within('plan', usage_plan_id);
  if (subject === 'ApiKey') return within('key', api_key_id);
  if (subject === 'Stage' || subject === 'AccessLogSettings') return within('stage', api_id, stage);
  if (subject === 'RestApi' || subject === 'Api') return within('api', api_id);
  return undefined;
}

function valueIn(
  { values, spelled, isWhole }: State,
  { path }: Setting,
): string | null | undefined {
  const name = path.toLowerCase();
  const found = values.get(name);
  if (typeof found === 'string') return found;
  const inside = [...values].filter(([other, it]) => other.startsWith(`${name}.`) && it !== null);
  if (inside.length > 0) {
    return inside
      .map(([other, value]) => `${(spelled.get(other) ?? other).slice(name.length + 1)} ${value}`)
      .join(', ');
  }
  const parts = name.split('.');
  const isGone = parts.some((_, last) => values.get(parts.slice(0, last + 1).join('.')) === null);
  return isWhole || isGone ? null : undefined;
}

function apply({ op, path, value }: Setting, { values, spelled }: State): void {
  const name = path.toLowerCase();
  spelled.set(name, path);
  if (op === 'remove') {
    for (const other of [...values.keys()]) {
      if (other.startsWith(`${name}.`)) values.delete(other);
    }
    values.set(name, null);
    return;
  }
  if (op === 'set') {
    values.set(name, value ?? '');
    return;
  }
  const list = new Set((values.get(name) ?? '').split(' ').filter((item) => item !== ''));
  if (op === 'add to list') list.add(value ?? '');
  else list.delete(value ?? '');
  values.set(name, [...list].sort().join(' '));
}

function textOf({ verb, readsValues, change }: AuditEvent, settings: readonly SettingChange[]) {
  if (readsValues && /^GetApiKey/.test(change.event_name)) return 'values included';
  const parts = settings.map(({ op, path, value, before }) => {
    if (op === 'add to list') return `${path}: + ${value}`;
    if (op === 'remove from list') return `${path}: − ${value}`;
    const after = value === null || value === '' ? '–' : value;
    if (verb !== 'Update') return `${path}: ${after}`;
    return `${path}: ${before === undefined ? '?' : (before ?? '–')} → ${after}`;
  });
  const text = parts.join('; ');
  if (text.length > MAX_TEXT) return `${text.slice(0, MAX_TEXT).toWellFormed()}…`;
  return text === '' ? null : text;
}

/** Names by the ids of what they name, and since when. */
class Names {
  readonly #known: Map<string, NameOfTime[]>;

  constructor(events: readonly AuditEvent[], before: Known['names']) {
    this.#known = new Map(Array.from(before, ([key, name]) => [key, [name]]));
    for (const { change, names } of events) {
      const { event_time_epoch: time } = change;
      this.#add('api', change.api_id, names.api, time);
      this.#add('plan', change.usage_plan_id, names.plan, time);
      this.#add('key', change.api_key_id, names.key, time);
    }
  }

  of({ change }: AuditEvent): Pick<Change, 'api_name' | 'usage_plan' | 'api_key_name'> {
    const { event_time_epoch: time } = change;
    return {
      api_name: this.#at('api', change.api_id, time),
      usage_plan: this.#at('plan', change.usage_plan_id, time),
      api_key_name: this.#at('key', change.api_key_id, time),
    };
  }

  /** What each is called now. */
  get latest(): Known['names'] {
    return new Map(
      Array.from(this.#known, ([key, names]) => [key, names.at(-1)] as [string, NameOfTime]),
    );
  }

  #add(kind: string, id: string | null, name: string | undefined, time: number): void {
    if (id === null || name === undefined) return;
    const key = `${kind}/${id}`;
    const known = this.#known.get(key);
    if (known) known.push({ time, name });
    else this.#known.set(key, [{ time, name }]);
  }

  /** The last one that was given until then, else the first one after. */
  #at(kind: string, id: string | null, time: number): string | null {
    const known = this.#known.get(`${kind}/${id}`) ?? [];
    return (known.findLast((one) => one.time <= time) ?? known[0])?.name ?? null;
  }
}
