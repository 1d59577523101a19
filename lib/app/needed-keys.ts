/** Which keys of the context do nothing unless another one is there. */

import type { ConfigProps } from './config-props';

type Key = keyof ConfigProps;

/** By the key that is needed. The constructs refuse some of these themselves: here the error names the key. */
const needed: Readonly<Partial<Record<Key, readonly Key[]>>> = {
  sharedCatalog: ['catalogSchedule'],
  audit: ['auditReads', 'auditRetention', 'auditTrustedRoles', 'auditTrailBucket'],
  auditTrailBucket: ['auditTrailPrefix', 'auditTrailKeyArn'],
  httpEndpointUrl: [
    ...(['httpEndpointPreset', 'httpEndpointAccessKeyArn'] as const),
    ...(['httpEndpointAccessKeyKmsArn', 'httpEndpointBackup'] as const),
  ],
  analytics: [
    ...(['analyticsDatabase', 'analyticsSince', 'analyticsLateDays'] as const),
    ...(['analyticsQueryLimit', 'analyticsReaders', 'analyticsDashboards'] as const),
    ...(['analyticsPage', 'analyticsPartitions'] as const),
  ],
  analyticsPage: ['analyticsPageDays'],
  apiMonitors: ['apiMonitorStages', 'apiMonitorThresholds'],
  vendorMetrics: ['vendorMetricsUrl', 'vendorMetricsAccessKeyArn'],
};

/** A line for each key that does nothing as things are; `context` has what was typed. */
export function missingKeys(
  props: ConfigProps,
  context: Readonly<Record<string, unknown>>,
): string[] {
  const isOn = (key: Key) => props[key] !== undefined && props[key] !== false;
  return Object.entries(needed).flatMap(([wanted, keys]) =>
    isOn(wanted as Key)
      ? []
      : keys.filter(isOn).map((key) => {
          const value = context[key];
          const text = typeof value === 'string' ? value : JSON.stringify(value);
          return `${key}: got "${text}", expected ${wanted} beside it`;
        }),
  );
}
