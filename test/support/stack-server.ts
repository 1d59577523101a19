/** CloudFormation on a loopback port, as far as the outputs of stacks go. */

import { type Loopback, startLoopback } from './loopback';

export async function startStacks(
  stacks: Record<string, Record<string, string>>,
): Promise<Loopback> {
  return startLoopback(({ body }, response) => {
    const name = new URLSearchParams(body.toString()).get('StackName') ?? '';
    const outputs = stacks[name];
    response.setHeader('content-type', 'text/xml');
    if (!outputs) {
      response.writeHead(400);
      return void response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`,
      );
    }
    const members = Object.entries(outputs).map(
      ([key, value]) =>
        `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    response.end(
      `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${name}</StackName><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  });
}
