/** An account with APIs of every type, some of which log already. */

import type { TestApi } from './stages-api';

export const OWN_GROUP = 'arn:aws:logs:eu-west-1:123456789012:log-group:/own/orders';
export const OWN_FORMAT = '{"requestId":"$context.requestId","caller":"$context.identity.caller"}';

export function mixedApis(): TestApi[] {
  return [
    {
      id: 'rest1',
      name: 'orders',
      type: 'REST',
      stages: { prod: { destinationArn: OWN_GROUP, format: OWN_FORMAT }, dev: undefined },
    },
    { id: 'http1', name: 'payments', type: 'HTTP', stages: { $default: undefined } },
    { id: 'ws1', name: 'chat', type: 'WEBSOCKET', stages: { live: undefined } },
  ];
}

export function restApis(count: number): TestApi[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `rest${index}`,
    name: `api ${index}`,
    type: 'REST' as const,
    stages: { prod: undefined },
  }));
}
