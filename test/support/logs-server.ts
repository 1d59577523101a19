/** CloudWatch Logs on a loopback port, as far as log groups and subscription filters go. */

import { type Loopback, startLoopback } from './loopback';

export interface LogGroup {
  retentionInDays?: number;
  readonly kmsKeyId?: string | undefined;
  readonly filters: { filterName: string; destinationArn: string; roleArn: string }[];
}

export interface LogsServer extends Loopback {
  readonly groups: Map<string, LogGroup>;
  /** Keys whose policy does not let CloudWatch Logs use them. */
  readonly deniedKeys: Set<string>;
}

interface Input {
  readonly logGroupName: string;
  readonly logGroupNamePrefix: string;
  readonly retentionInDays: number;
  readonly filterName: string;
  readonly destinationArn: string;
  readonly roleArn: string;
  readonly kmsKeyId?: string;
}

export async function startLogs(): Promise<LogsServer> {
  const groups = new Map<string, LogGroup>();
  const deniedKeys = new Set<string>();
  const operations: Record<string, (input: Input) => unknown> = {
    CreateLogGroup({ logGroupName, kmsKeyId }) {
      if (groups.has(logGroupName)) throw new Error('ResourceAlreadyExistsException');
      if (deniedKeys.has(kmsKeyId ?? '')) throw new Error('InvalidParameterException');
      groups.set(logGroupName, { kmsKeyId, filters: [] });
    },
    PutRetentionPolicy({ logGroupName, retentionInDays }) {
      existing(logGroupName).retentionInDays = retentionInDays;
    },
    DescribeLogGroups({ logGroupNamePrefix }) {
      const names = [...groups.keys()].filter((name) => name.startsWith(logGroupNamePrefix));
      return { logGroups: names.map((logGroupName) => ({ logGroupName })) };
    },
    DescribeSubscriptionFilters: ({ logGroupName }) => ({
      subscriptionFilters: existing(logGroupName).filters,
    }),
    PutSubscriptionFilter({ logGroupName, ...filter }) {
      const { filters } = existing(logGroupName);
      if (filters.length === 2) throw new Error('LimitExceededException');
      filters.push(filter);
    },
  };

  function existing(name: string): LogGroup {
    const group = groups.get(name);
    if (!group) throw new Error('ResourceNotFoundException');
    return group;
  }

  const loopback = await startLoopback(({ headers, body }, response) => {
    const operation = String(headers['x-amz-target']).replace('Logs_20140328.', '');
    const type = { 'content-type': 'application/x-amz-json-1.1' };
    try {
      const output = operations[operation]?.(JSON.parse(body.toString()));
      response.writeHead(200, type).end(output ? JSON.stringify(output) : '');
    } catch (error) {
      const { message } = error as Error;
      response.writeHead(400, type).end(JSON.stringify({ __type: message, message }));
    }
  });
  return { ...loopback, groups, deniedKeys };
}
