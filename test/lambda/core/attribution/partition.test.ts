import fc from 'fast-check';
import {
  joinPartitions,
  MAX_PARTITION_LENGTH,
  type Partitioning,
  partitionerFor,
  partitionName,
} from '../../../../lambda/core/attribution/partition';
import type { LogLine } from '../../../../lambda/core/record/log-line';
import { readLogLine } from '../../../../lambda/core/record/read-log-line';
import { codePoint } from '../../../support/code-point';

const attribution = {
  usagePlan: 'Gold',
  usagePlanId: 'p1',
  customerName: 'Acme',
  outcome: 'enriched',
} as const;

function partitionOf(
  partitionBy: Partitioning,
  line: object,
  fields = { usagePlanField: 'usage_plan', customerNameField: 'customer_name' },
): string | undefined {
  const read = readLogLine(JSON.stringify(line)) as LogLine;
  return partitionerFor({ partitionBy, ...fields })?.(read, attribution);
}

describe('partitionerFor', () => {
  const cases: { title: string; by: Partitioning; line: object; partition: string }[] = [
    { title: 'the API', by: 'api', line: { apiId: 'a1b2c3d4e5' }, partition: 'a1b2c3d4e5' },
    { title: 'the API by any of its names', by: 'api', line: { api_id: 'x' }, partition: 'x' },
    { title: 'none for a line without API', by: 'api', line: { apiId: '-' }, partition: 'none' },
    { title: 'the plan', by: 'plan', line: {}, partition: 'Gold' },
    { title: 'the customer', by: 'customer', line: {}, partition: 'Acme' },
    {
      title: 'the customer that the line brought along',
      by: 'customer',
      line: { customer_name: 'Globex' },
      partition: 'Globex',
    },
    {
      title: 'the attributed customer where the line has none',
      by: 'customer',
      line: { customer_name: '-' },
      partition: 'Acme',
    },
    {
      title: 'none for a customer that is no text',
      by: 'customer',
      line: { customer_name: { id: 7 } },
      partition: 'none',
    },
  ];
  for (const { title, by, line, partition } of cases) {
    test(`gives ${title}`, () => {
      expect(partitionOf(by, line)).toBe(partition);
    });
  }

  test('looks under the names that the fields are given', () => {
    const fields = { usagePlanField: 'plan_id', customerNameField: 'subscription_id' };

    expect(partitionOf('plan', { plan_id: 'Silver' }, fields)).toBe('Silver');
  });

  test('is undefined where records are not partitioned', () => {
    expect(partitionOf('none', { apiId: 'a' })).toBeUndefined();
  });
});

describe('partitionName', () => {
  const cases: { value: string | undefined; name: string | RegExp }[] = [
    { value: undefined, name: 'none' },
    { value: '', name: 'none' },
    { value: '-', name: 'none' },
    { value: 'Acme_2.eu-west', name: 'Acme_2.eu-west' },
    { value: 'Acme GmbH & Co', name: /^Acme-GmbH-Co-[0-9a-f]{12}$/ },
    { value: '../../secrets', name: /^secrets-[0-9a-f]{12}$/ },
    { value: '!{timestamp:yyyy}/x=1', name: /^timestamp-yyyy-x-1-[0-9a-f]{12}$/ },
    { value: '顧客', name: /^name-[0-9a-f]{12}$/ },
    { value: 'none', name: /^none-[0-9a-f]{12}$/ },
    { value: 'mixed', name: /^mixed-[0-9a-f]{12}$/ },
    { value: 'Acme-0123456789ab', name: /^Acme-0123456789ab-[0-9a-f]{12}$/ },
    { value: 'x'.repeat(64), name: 'x'.repeat(64) },
    { value: 'x'.repeat(65), name: /^x{51}-[0-9a-f]{12}$/ },
  ];
  for (const { value, name } of cases) {
    test(`makes ${name} of ${JSON.stringify(value)}`, () => {
      if (typeof name === 'string') expect(partitionName(value)).toBe(name);
      else expect(partitionName(value)).toMatch(name);
    });
  }

  const anyValue = fc.oneof(
    fc.string({ unit: codePoint }),
    fc.string({ minLength: 60, maxLength: 80 }),
    fc.string({ unit: fc.constantFrom('a', 'B', '0', '-', '.', '_', '/', ' ', '=') }),
  );

  test('is short, and safe for S3, Hive and Firehose, whatever the value', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const name = partitionName(value);

        expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/);
        expect(name.length).toBeLessThanOrEqual(MAX_PARTITION_LENGTH);
      }),
    );
  });

  test('tells any two values apart, also a value from the name of another', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (one, other) => {
        fc.pre(one !== other && partitionName(one) !== 'none');

        expect(partitionName(one)).not.toBe(partitionName(other));
        if (partitionName(one) !== one) {
          expect(partitionName(partitionName(one))).not.toBe(partitionName(one));
        }
      }),
    );
  });
});

describe('joinPartitions', () => {
  test('is the one partition of all lines, mixed where they differ', () => {
    const join = (...names: string[]) =>
      names.reduce<string | undefined>(joinPartitions, undefined);

    expect(join('Acme', 'Acme')).toBe('Acme');
    expect(join('Acme', 'Globex', 'Acme')).toBe('mixed');
    expect(join('none', 'Acme')).toBe('mixed');
  });
});
