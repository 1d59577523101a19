/** The entry of the function behind the custom widgets of the metric dashboards. */

import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { widgetHandler } from './widget';

const apiGateway = new ApiGatewayV2Client();

export const handler = widgetHandler({
  cloudWatch: new CloudWatchClient(),
  apiNames,
  now: Date.now,
});

async function apiNames(): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  let NextToken: string | undefined;
  do {
    const page = await apiGateway.send(new GetApisCommand({ MaxResults: '500', NextToken }));
    for (const { ApiId, Name } of page.Items ?? []) if (ApiId && Name) names.set(ApiId, Name);
    NextToken = page.NextToken;
  } while (NextToken);
  return names;
}
