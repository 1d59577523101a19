/** Who changed what: calls to API Gateway's control plane, for an auditor in a terminal. */

import type { Change } from '../../analytics/audit/changes';
import {
  byActor,
  darkStages,
  outsideRole,
  readsOfValues,
  withoutMfa,
} from '../../analytics/audit/findings';
import { command } from '../command';
import { timeRange } from '../report/time-range';
import { UsageError } from '../usage-error';
import { printAudit } from './print-audit';
import { readChanges } from './read-changes';
import { warnOfUnread } from './warn-of-unread';

export const audit = command({
  name: 'audit',
  about:
    'Lists who changed what in API Gateway, from the records of CloudTrail: keys, plans, stages and their access logs.',
  usage: ['SOURCE… [options]'],
  positional: {
    name: 'SOURCE',
    description:
      "a file, a folder, a pattern, - for standard input, or s3://bucket/prefix: files of a trail or of an organisation's, events of EventBridge, the output of `aws cloudtrail lookup-events`, compressed or not",
  },
  options: {
    'What to list': {
      key: { type: 'string', value: 'KEY', description: 'calls about this API key, by id or name' },
      plan: { type: 'string', value: 'PLAN', description: 'about this usage plan, by id or name' },
      api: { type: 'string', value: 'API', description: 'about this API, by id or name' },
      user: {
        type: 'string',
        value: 'WHO',
        description: 'of this user, role, session or ARN',
      },
      since: {
        type: 'string',
        value: 'TIME',
        description: 'from then on: a day, a moment, or 7d, 12h, 30m (ago)',
      },
      'deploy-role': {
        type: 'string',
        value: 'ROLE',
        description: 'the role that may change things, by name or ARN: others are listed',
      },
      'time-zone': {
        type: 'string',
        value: 'NAME',
        description: 'of the times that are given and printed',
        default: 'UTC',
      },
    },
    'The answer': {
      json: {
        type: 'boolean',
        description: 'as JSON: changes, findings, and what could not be read',
      },
    },
  },
  examples: [
    {
      line: 'audit s3://my-trail/AWSLogs/123456789012/CloudTrail/ --since 30d --deploy-role Deploy',
      does: 'a month of a trail:',
    },
    { line: 'audit trail/ --key ACME', does: 'the life of one key:' },
    {
      line: 'audit events.json',
      does: 'without a trail, what `aws cloudtrail lookup-events` has printed:',
    },
  ],
  notes: [
    'CloudTrail records new values only: the value before is that of an earlier record that was read, and ? where there is none. Values of API keys are masked before anything is looked at.',
    'Who reads key values is known only where read events are recorded.',
  ],
  exitCodes: ['calls were found', 'none were'],
  async run({ values, positionals }, terminal) {
    if (positionals.length === 0) {
      throw new UsageError('expected a SOURCE: a file, a folder, - or s3://bucket/prefix');
    }
    const now = Date.now();
    const timeZone = values['time-zone'];
    const span = timeRange({ from: values.since, timeZone, fromOption: '--since' }, now);
    const read = await readChanges(positionals, span, terminal);
    const changes = read.changes.filter((change) => isWanted(change, values));
    const role = values['deploy-role'];
    const findings = {
      valuesRead: byActor(readsOfValues(changes)),
      outsideDeployRole: role === undefined ? undefined : byActor(outsideRole(changes, role)),
      withoutMfa: byActor(withoutMfa(changes)),
      darkStages: darkStages(read.changes, now, (change) => isWanted(change, values)),
    };
    if (values.json) {
      const { counts, unread } = read;
      terminal.print(JSON.stringify({ changes, findings, counts, unread }));
    } else {
      // Somebody who asks for one key, or one person, wants to see reads too.
      const isNarrow = values.key !== undefined || values.user !== undefined;
      printAudit({ changes, findings, timeZone, hasReads: isNarrow }, terminal);
      warnOfUnread(read, terminal);
    }
    return changes.length > 0 ? 0 : 1;
  },
});

interface Wanted {
  readonly key?: string | undefined;
  readonly plan?: string | undefined;
  readonly api?: string | undefined;
  readonly user?: string | undefined;
}

function isWanted(change: Change, { key, plan, api, user }: Wanted): boolean {
  const isOne = (wanted: string | undefined, ...of: (string | null)[]) =>
    wanted === undefined || of.includes(wanted);
  return (
    isOne(key, change.api_key_id, change.api_key_name) &&
    isOne(plan, change.usage_plan_id, change.usage_plan) &&
    isOne(api, change.api_id, change.api_name) &&
    isOne(
      user,
      change.actor,
      change.role,
      change.role_session,
      change.user_arn,
      change.role_arn,
      change.invoked_by,
    )
  );
}
