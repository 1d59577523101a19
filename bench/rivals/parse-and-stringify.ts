/** The usual way in JavaScript, and no more than the task asks for: parse, assign, stringify. */

import { readFileSync } from 'node:fs';
import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import type { Plan } from '../corpus';

const plans: Plan[] = JSON.parse(readFileSync(process.env['BENCH_ACCOUNT'] as string, 'utf8'));
const names = new Map<string, { plan: string; customer: string }>();
for (const { name, apiStages, keys } of plans) {
  for (const { apiId, stage } of apiStages) {
    for (const key of keys) {
      names.set(`${key.id}/${apiId}/${stage}`, { plan: name, customer: key.name });
    }
  }
}

export async function handler(
  event: FirehoseTransformationEvent,
): Promise<FirehoseTransformationResult> {
  return {
    records: event.records.map(({ recordId, data }) => {
      const line = JSON.parse(Buffer.from(data, 'base64').toString());
      const keyId = line.key_id ?? line.api_key_id;
      const found = names.get(`${keyId}/${line.api_id}/${line.stage}`);
      line.usage_plan = found?.plan ?? '-';
      line.customer_name = found?.customer ?? '-';
      if (line.api_key?.length > 4) line.api_key = `****${line.api_key.slice(-4)}`;
      const text = `${JSON.stringify(line)}\n`;
      return { recordId, result: 'Ok', data: Buffer.from(text).toString('base64') };
    }),
  };
}
