/** What a call did, in the words of an auditor. */

import type { Effect } from './changes';
import type { AuditEvent, Setting } from './read-event';

/** A setting beside the value before: null where there was none, undefined where it is not known. */
export interface SettingChange extends Setting {
  readonly before: string | null | undefined;
}

export function effectsOf(event: AuditEvent, settings: readonly SettingChange[]): Effect[] {
  if (event.change.error_code !== null) return [];
  if (event.readsValues) return ['key values read'];
  const own = byAction[event.change.event_name];
  const found = new Set<Effect>(own === undefined ? [] : [own]);
  const { subject, verb } = event;
  if (subject === 'ApiKey' && verb === 'Update') addKeyEffects(settings, found);
  if (subject === 'UsagePlan' && verb === 'Update') addPlanEffects(settings, found);
  if (subject === 'Stage' && (verb === 'Update' || verb === 'Create')) {
    addLogEffects(settings, found);
  }
  return [...found];
}

const byAction: Readonly<Record<string, Effect>> = {
  CreateApiKey: 'key created',
  ImportApiKeys: 'keys imported',
  DeleteApiKey: 'key deleted',
  CreateUsagePlanKey: 'key added to plan',
  DeleteUsagePlanKey: 'key removed from plan',
  CreateUsagePlan: 'plan created',
  DeleteUsagePlan: 'plan deleted',
  UpdateUsage: 'usage extended',
  CreateStage: 'stage created',
  DeleteStage: 'stage deleted',
  DeleteAccessLogSettings: 'access log off',
};

function addKeyEffects(settings: readonly SettingChange[], found: Set<Effect>): void {
  for (const { path, value } of settings) {
    if (path.toLowerCase() !== 'enabled' || value === null) continue;
    found.add(value.toLowerCase() === 'true' ? 'key enabled' : 'key disabled');
  }
}

function addPlanEffects(settings: readonly SettingChange[], found: Set<Effect>): void {
  const quota = settings.filter(({ path }) => /^quota(\.(limit|period|offset))?$/i.test(path));
  if (quota.length > 0) found.add(`quota ${directionOf(quota.map(quotaDirection))}`);
  const throttle = settings.filter(({ path }) =>
    /(^|\.)(throttle|ratelimit|burstlimit)$/i.test(path),
  );
  if (throttle.length > 0) found.add(`throttle ${directionOf(throttle.map(limitDirection))}`);
}

type Direction = 'raised' | 'lowered' | 'changed' | 'same';

/** The direction of several limits: raised where one is; lowered where some are, and nothing else is known. */
function directionOf(all: readonly Direction[]): Exclude<Direction, 'same'> {
  if (all.includes('raised')) return 'raised';
  return all.includes('changed') || !all.includes('lowered') ? 'changed' : 'lowered';
}

const daysOf: Readonly<Record<string, number>> = { DAY: 1, WEEK: 7, MONTH: 30 };

function quotaDirection(change: SettingChange): Direction {
  const part = change.path.toLowerCase();
  // What is left of the period when the plan begins.
  if (part === 'quota.offset') return 'same';
  if (part !== 'quota.period') return limitDirection(change);
  const [before, after] = [daysOf[change.before ?? ''], daysOf[change.value ?? '']];
  if (before === undefined || after === undefined) return 'changed';
  if (before === after) return 'same';
  return after < before ? 'raised' : 'lowered';
}

/** No limit is more than any. */
function limitDirection({ op, value, before }: SettingChange): Direction {
  const isGone = op === 'remove';
  if (isGone) return before === null ? 'same' : 'raised';
  if (before === undefined) return 'changed';
  if (before === null) return 'lowered';
  const [now, then] = [Number(value), Number(before)];
  if (!Number.isFinite(now) || !Number.isFinite(then)) return 'changed';
  if (now === then) return 'same';
  return now > then ? 'raised' : 'lowered';
}

function addLogEffects(settings: readonly SettingChange[], found: Set<Effect>): void {
  for (const { op, path, value, before } of settings) {
    const part = path.toLowerCase();
    if (part === 'accesslogsettings.format') {
      if (op === 'set' && before !== undefined && before !== null && before !== value) {
        found.add('access log format changed');
      }
    } else if (part === 'accesslogsettings' && op === 'remove') {
      if (before !== null) found.add('access log off');
    } else if (part === 'accesslogsettings.destinationarn') {
      if (op === 'remove' || value === '') {
        if (before !== null) found.add('access log off');
      } else if (before === undefined) found.add('access log set');
      else if (before === null || before === '') found.add('access log on');
      else if (before !== value) found.add('access log moved');
    }
  }
}
