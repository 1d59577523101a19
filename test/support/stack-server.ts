/** CloudFormation on a loopback port, as far as the outputs and the resources of stacks go. */

import { type Loopback, startLoopback } from './loopback';

export interface TestResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

export interface TestStacks {
  /** By the stack's name. */
  readonly outputs: Record<string, Record<string, string>>;
  readonly resources?: Record<string, readonly TestResource[]> | undefined;
}

/** Small pages: whoever reads the first only shows at once. */
const PAGE_SIZE = 2;

export async function startStacks({ outputs, resources = {} }: TestStacks): Promise<Loopback> {
  return startLoopback(({ body }, response) => {
    const request = new URLSearchParams(body.toString());
    const name = request.get('StackName') ?? '';
    response.setHeader('content-type', 'text/xml');
    if (!outputs[name] && !resources[name]) {
      response.writeHead(400);
      return void response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`,
      );
    }
    if (request.get('Action') === 'ListStackResources') {
      const start = Number(request.get('NextToken') ?? 0);
      const all = resources[name] ?? [];
      const end = start + PAGE_SIZE;
      const members = all
        .slice(start, end)
        .map(
          ({ logicalId, type, physicalId }) =>
            `<member><LogicalResourceId>${logicalId}</LogicalResourceId><PhysicalResourceId>${physicalId}</PhysicalResourceId><ResourceType>${type}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus><LastUpdatedTimestamp>2026-11-20T00:00:00Z</LastUpdatedTimestamp></member>`,
        );
      const next = end < all.length ? `<NextToken>${end}</NextToken>` : '';
      return void response.end(
        `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>${members.join('')}</StackResourceSummaries>${next}</ListStackResourcesResult></ListStackResourcesResponse>`,
      );
    }
    const members = Object.entries(outputs[name] ?? {}).map(
      ([key, value]) =>
        `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    response.end(
      `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${name}</StackName><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  });
}
