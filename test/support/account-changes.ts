import type { ControlPlane } from '../../emulator/control-plane';

/** Makes up plans `p0`… with keys `k0`… in turn, each plan for the same stage of an API. */
export function madeUpPlans(planCount: number, keysPerPlan = 1) {
  return Array.from({ length: planCount }, (_, plan) => ({
    id: `p${plan}`,
    name: `Plan ${plan}`,
    apiStages: [{ apiId: 'orders', stage: 'prod' }],
    keys: Array.from({ length: keysPerPlan }, (_, key) => {
      const id = `k${plan * keysPerPlan + key}`;
      return { id, name: `Customer ${id}` };
    }),
  }));
}

/** Moves a key between plans, into none or out of none, as calls to the control plane would. */
export function moveKey({ usagePlans }: ControlPlane, keyId: string, planId?: string): void {
  for (const plan of usagePlans) plan.keys = plan.keys?.filter(({ id }) => id !== keyId);
  const plan = usagePlans.find(({ id }) => id === planId);
  plan?.keys?.push({ id: keyId, name: `Customer ${keyId}` });
}

/** What EventBridge says of a call, with parameters in the manner of the service's other events. */
export function accountEvent(
  eventName: string,
  requestParameters: object,
  eventTime = new Date(),
  responseElements: object | null = null,
): object {
  return {
    version: '0',
    id: `${eventName}-${eventTime.getTime()}-${JSON.stringify(requestParameters)}`,
    source: 'aws.apigateway',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventSource: 'apigateway.amazonaws.com',
      eventName,
      eventTime: `${eventTime.toISOString().slice(0, 19)}Z`,
      requestParameters,
      responseElements,
    },
  };
}
