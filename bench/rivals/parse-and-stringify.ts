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
      const lines = Buffer.from(data, 'base64').toString().trimEnd();
      const text = lines.includes('\n') ? lines.split('\n').map(rewrite).join('') : rewrite(lines);
      return { recordId, result: 'Ok', data: Buffer.from(text).toString('base64') };
    }),
  };
}

function rewrite(text: string): string {
  const line = JSON.parse(text);
  const keyId =
    line.key_id ??
    line.api_key_id ??
    line.apiKeyId ??
    line.identityApiKeyId ??
    line.identity?.apiKeyId;
  const found = names.get(`${keyId}/${line.api_id ?? line.apiId}/${line.stage}`);
  line.usage_plan = found?.plan ?? '-';
  line.customer_name = found?.customer ?? '-';
  if (line.api_key?.length > 4) line.api_key = `****${line.api_key.slice(-4)}`;
  return `${JSON.stringify(line)}\n`;
}
