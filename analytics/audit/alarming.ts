/** Calls that somebody wants to be woken for. */

import type { Change, Effect } from './changes';
import type { AuditEvent } from './read-event';

/** What an alarm is about. */
export const alarming = ['access log lost', 'limit raised', 'key values read'] as const;

export type Alarming = (typeof alarming)[number];

/**
 * What of a call sets an alarm off. A record has the new value only: where the one before is not known,
 * a limit that was set may have been raised, and a log that was set may have gone elsewhere before.
 *
 * @param isOwn whether a destination of access logs is the pipeline's
 */
export function alarmingIn(
  change: Pick<Change, 'effect'>,
  { settings }: Pick<AuditEvent, 'settings'>,
  isOwn: (destinationArn: string) => boolean,
): Alarming[] {
  const found = new Set<Alarming>();
  for (const effect of (change.effect?.split(', ') ?? []) as Effect[]) {
    const about = byEffect[effect];
    if (about === undefined) continue;
    const isSet = effect === 'access log moved' || effect === 'access log set';
    if (isSet && isOwn(destinationIn(settings))) continue;
    found.add(about);
  }
  return [...found];
}

const byEffect: { readonly [E in Effect]?: Alarming } = {
  'access log off': 'access log lost',
  'access log moved': 'access log lost',
  'access log set': 'access log lost',
  'quota raised': 'limit raised',
  'quota changed': 'limit raised',
  'throttle raised': 'limit raised',
  'throttle changed': 'limit raised',
  'key values read': 'key values read',
};

/** The last one that a call sets. */
function destinationIn(settings: AuditEvent['settings']): string {
  const isDestination = ({ path }: { path: string }) =>
    path.toLowerCase() === 'accesslogsettings.destinationarn';
  return settings.findLast(isDestination)?.value ?? '';
}
