/**
 * API Gateway's control plane admits this much for a whole account and Region, deployments and consoles
 * included (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
 */
export const accountLimits = { ratePerSecond: 10, burst: 40 } as const;
