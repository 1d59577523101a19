import fc from 'fast-check';
import { type Attribution, attribute } from '../../../../lambda/core/attribution/attribute';
import {
  AttributionTable,
  type CallerValues,
  callerValuesOf,
} from '../../../../lambda/core/attribution/attribution-table';
import { partitionerFor, partitionings } from '../../../../lambda/core/attribution/partition';
import { LineScanner } from '../../../../lambda/core/bytes/line-scanner';
import type { LineShape } from '../../../../lambda/core/bytes/line-shape';
import { scratch } from '../../../../lambda/core/bytes/scratch';
import { Catalog } from '../../../../lambda/core/catalog/catalog';
import { Names } from '../../../../lambda/core/names';
import { lineOf } from '../../../support/log-lines';

const stages = [
  { apiId: 'orders', stage: 'prod' },
  { apiId: 'billing', stage: 'prod' },
];
const plan = (name: string, keys: readonly string[]) => ({
  id: `p-${name}`,
  name,
  apiStages: stages,
  keys: keys.map((id) => ({ id, name: `customer of ${id}` })),
});
const catalog = new Catalog([plan('Gold', ['k1', 'k2']), plan('Größe "S"', ['k3'])]);

const textOf = ({ usagePlan, customerName }: Attribution) => `${usagePlan}|${customerName}`;

/** What the table says of a line that is scanned for it; undefined where it leaves it to others. */
class Attributed {
  readonly #scanner = new LineScanner(Names.ofTable);
  readonly table: AttributionTable;

  constructor(table = new AttributionTable(textOf)) {
    this.table = table;
    table.use(catalog);
  }

  of(fields: Readonly<Record<string, string>>) {
    const shape = this.#scanner.scan(0, scratch.write(JSON.stringify(fields))) as LineShape;
    const callers = callerValuesOf(shape) as CallerValues;
    const entry = this.table.find(shape, callers);
    if (entry < 0) return undefined;
    const end = this.table.writeText(entry, 4096);
    return {
      text: scratch.toString('utf8', 4096, end),
      outcome: this.table.outcomeAt(entry),
      partition: this.table.partitionAt(entry),
      unknownKey: this.table.unknownKeyAt(entry),
    };
  }
}

const fields = fc.record(
  {
    apiKeyId: fc.constantFrom('k1', 'k2', 'k3', 'gone', '-', ''),
    apiId: fc.constantFrom('orders', 'billing', 'other', '-'),
    stage: fc.constantFrom('prod', 'beta', '-'),
    status: fc.constant('200'),
  },
  { requiredKeys: ['status'] },
);

describe('a table of attributions', () => {
  test.each(partitionings)(
    'says what is said of each line by itself, in folders by %s',
    (partitionBy) => {
      const attributed = new Attributed(new AttributionTable(textOf, partitionBy));
      const partitionOf = partitionerFor({
        partitionBy,
        usagePlanField: 'usage_plan',
        customerNameField: 'customer_name',
      });
      fc.assert(
        fc.property(fields, (its) => {
          const line = lineOf(its);
          const attribution = attribute(line, catalog);

          expect(attributed.of(its)).toEqual({
            text: textOf(attribution),
            outcome: attribution.outcome,
            partition: partitionOf?.(line, attribution),
            unknownKey: attribution.outcome === 'unknownKey' ? its.apiKeyId : undefined,
          });
        }),
      );
    },
  );

  test('forgets what it knew of another catalog', () => {
    const attributed = new Attributed();
    const line = { apiKeyId: 'k1', apiId: 'orders', stage: 'prod' };
    expect(attributed.of(line)?.text).toBe('Gold|customer of k1');

    expect(attributed.table.use(new Catalog([plan('Silver', ['k1'])]))).toBe(true);

    expect(attributed.of(line)?.text).toBe('Silver|customer of k1');
    expect(attributed.table.use(catalog)).toBe(true);
    expect(attributed.table.use(catalog)).toBe(false);
  });

  test('leaves a line to others whose text is too long', () => {
    const attributed = new Attributed(new AttributionTable(() => 'x'.repeat(20_000)));

    expect(attributed.of({ apiKeyId: 'k1', apiId: 'orders', stage: 'prod' })).toBeUndefined();
  });

  test('is no help for lines that tell the key twice', () => {
    const scanner = new LineScanner(Names.ofTable);
    const twice = '{"apiKeyId":"k1","identity":{"apiKeyId":"k2"}}';
    const shape = scanner.scan(0, scratch.write(twice)) as LineShape;

    expect(callerValuesOf(shape)).toBeUndefined();
  });
});
