import fc from 'fast-check';
import { byLetters } from '../../../analytics/audit/event-records';
import { historyOf, type Known, NOTHING_KNOWN } from '../../../analytics/audit/history';
import { decodeKnown, encodeKnown } from '../../../analytics/audit/known';
import { type AuditEvent, readEvent } from '../../../analytics/audit/read-event';
import { KEY_VALUE, trailRecord } from '../../support/trail-records';

function eventOf(record: object): AuditEvent {
  const reading = readEvent(byLetters(record));
  if (reading.kind !== 'event') throw new Error(reading.kind);
  return reading.event;
}

/** What is known, written down and read again. */
function overnight(known: Known): Known {
  return decodeKnown(encodeKnown(known)) as Known;
}

const plan = fc.constantFrom('p1', 'p2');
const limit = fc.integer({ min: 1, max: 9 }).map(String);
const call = fc.oneof(
  fc.record({ plan, limit }).map(({ plan: id, limit: value }) => ({
    name: 'CreateUsagePlan',
    request: { createUsagePlanInput: { name: `of ${value}`, quota: { limit: Number(value) } } },
    response: { id },
  })),
  fc.record({ plan, limit }).map(({ plan: id, limit: value }) => ({
    name: 'UpdateUsagePlan',
    request: {
      usagePlanId: id,
      patchOperations: [{ op: 'replace', path: '/quota/limit', value }],
    },
    response: null,
  })),
  plan.map((id) => ({
    name: 'UpdateUsagePlan',
    request: { usagePlanId: id, patchOperations: [{ op: 'remove', path: '/throttle' }] },
    response: null,
  })),
  fc.record({ plan, limit }).map(({ plan: id, limit: value }) => ({
    name: 'UpdateUsagePlan',
    request: {
      usagePlanId: id,
      patchOperations: [{ op: 'replace', path: '/name', value: `name ${value}` }],
    },
    response: { id, name: `name ${value}`, Throttle: { rateLimit: Number(value) } },
  })),
  plan.map((id) => ({ name: 'DeleteUsagePlan', request: { usagePlanId: id }, response: null })),
  fc.record({ plan, limit }).map(({ plan: id, limit: value }) => ({
    name: 'UpdateStage',
    request: {
      restApiId: id,
      stageName: 's',
      patchOperations: [
        { op: 'replace', path: '/accessLogSettings/destinationArn', value: `arn:${value}` },
      ],
    },
    response: null,
  })),
);

test('days that are told one after the other are told as all of them at once, but for names to come', () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 25 }), fc.nat(25), (calls, night) => {
      const events = calls.map(({ name, request, response }, minute) =>
        eventOf(
          trailRecord(name, {
            time: new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString(),
            request,
            response,
          }),
        ),
      );

      const whole = historyOf(events).changes;
      const first = historyOf(events.slice(0, night));
      const second = historyOf(events.slice(night), overnight(first.known));

      const withoutNames = ({ usage_plan: _, ...row }: (typeof whole)[number]) => row;
      expect([...first.changes, ...second.changes].map(withoutNames)).toEqual(
        whole.map(withoutNames),
      );
      // A name is known from then on: the second day's rows have all.
      expect(second.changes).toEqual(whole.slice(first.changes.length));
    }),
  );
});

test('a record that is told again the next day is left out', () => {
  const event = eventOf(trailRecord('DeleteApiKey', { request: { apiKey: 'k1' } }));

  const { known } = historyOf([event]);

  expect(historyOf([event], overnight(known))).toMatchObject({ changes: [], duplicates: 1 });
});

test('what was known before is not changed by telling on', () => {
  const create = eventOf(
    trailRecord('CreateUsagePlan', { request: { quota: { limit: 1 } }, response: { id: 'p1' } }),
  );
  const { known } = historyOf([create]);
  const before = encodeKnown(known);

  historyOf([eventOf(trailRecord('DeleteUsagePlan', { request: { usagePlanId: 'p1' } }))], known);

  expect(encodeKnown(known)).toBe(before);
});

test('no value of a key is written down', () => {
  const { known } = historyOf([
    eventOf(
      trailRecord('CreateApiKey', {
        request: { name: 'ACME', value: KEY_VALUE },
        response: { id: 'k1', name: 'ACME', value: KEY_VALUE },
      }),
    ),
  ]);

  expect(encodeKnown(known)).toContain('ACME');
  expect(encodeKnown(known)).not.toContain(KEY_VALUE);
});

test('what another version has written is not known', () => {
  const text = encodeKnown(NOTHING_KNOWN).replace(/"version":\d+/, '"version":0');

  expect(decodeKnown(text)).toBeUndefined();
});
