/** The sample's requests, attributed: the rows that reading the sample's files would give. */

import type { Value } from '../../analytics/result';
import { customers, usagePlans } from '../../analytics/sample/product';
import { planMoves } from '../../analytics/sample/story';
import { type SampleRequest, sampleTraffic } from '../../analytics/sample/traffic';
import { fields } from '../../lambda/core/fields';
import type { AccessRow } from './access-table';

/** About so many requests of thirty days. */
export function sampleRows(requests: number): AccessRow[] {
  return [...sampleTraffic({ requests })].flat().map(rowOf);
}

const fieldOf = new Map(fields.map((field) => [field.variable, field]));
const customerOf = new Map(customers.map((customer) => [customer.keyId, customer]));
const plans = usagePlans(planMoves);
const countries: Readonly<Record<string, string>> = { '2': 'DE', '3': 'US', '1': 'JP', '5': 'FR' };

function rowOf({ apiType, time, values }: SampleRequest): AccessRow {
  const row: Record<string, Value> = { api_type: apiType };
  for (const [variable, value] of Object.entries(values)) {
    const field = fieldOf.get(variable);
    if (!field) throw new Error(`the sample has an unknown variable: ${variable}`);
    row[field.column] = field.type === 'integer' ? Number(value) : value;
  }
  row['request_time'] = new Date(time).toISOString().slice(0, 23).replace('T', ' ');
  row['request_time_epoch'] = time;
  row['connected_at'] = null;
  const customer = customerOf.get(values['identity.apiKeyId'] ?? '');
  const plan = customer && planAt(customer.keyId, time);
  return {
    ...row,
    customer_name: customer?.name ?? null,
    usage_plan: plan?.name ?? null,
    usage_plan_id: plan?.id ?? null,
    endpoint:
      values['resourcePath'] ?? values['routeKey']?.split(' ').at(-1) ?? values['path'] ?? null,
    country: countries[values['identity.sourceIp']?.split('.')[0] ?? ''] ?? 'GB',
    network: `${values['identity.sourceIp']?.split('.').slice(0, 3).join('.')}.0/24`,
  };
}

function planAt(keyId: string, time: number): { id: string; name: string } | undefined {
  const former = plans.find(({ formerKeys }) =>
    formerKeys?.some(({ id, until }) => id === keyId && time < until),
  );
  return former ?? plans.find(({ keys }) => keys.some(({ id }) => id === keyId));
}
