import { inflateRawSync } from 'node:zlib';
import { customers } from '../../../analytics/sample/product';
import { planMoves } from '../../../analytics/sample/story';
import { accessDatabase } from '../../support/access-table';
import { pageOf, sampleScope } from '../../support/sample-page';
import { sampleRows } from '../../support/sample-rows';

/** All that a page holds, as text: itself, and its data unpacked. */
async function contentOf(customer: string): Promise<string> {
  const database = await accessDatabase(sampleRows(3000));
  const html = await pageOf(database, { ...sampleScope, filter: { customer } }, customer);
  database.close();
  const [, data = ''] =
    /<script type="application\/octet-stream" id="data">(.*?)</.exec(html) ?? [];
  return `${html.replace(data, '')}${inflateRawSync(Buffer.from(data, 'base64')).toString('latin1')}`;
}

describe("a customer's page", () => {
  test.each(['Alder & Finch Books', 'Noisy Otter Games', 'Pixel Foundry'])(
    'of %s has nothing of anybody else in it',
    async (name) => {
      const content = await contentOf(name);
      const own = customers.find((customer) => customer.name === name);
      const others = customers.filter((customer) => customer.name !== name);
      const ownPlans = [
        own?.plan,
        ...planMoves.flatMap((move) => (move.customer === name ? [move.to] : [])),
      ];
      const otherPlans = new Set(
        customers.map(({ plan }) => plan).filter((plan) => !ownPlans.includes(plan)),
      );

      expect(content).toContain(name);
      expect(content).toContain(own?.keyId);
      expect(content).not.toContain('"completeness":{');
      expect(content).toContain('"id":"lines-over-time"');
      expect(content).not.toContain('"id":"hours-without-lines"');
      const leaked = others.flatMap(({ name: other, keyId }) =>
        [other, keyId].filter((text) => content.includes(text)),
      );
      const leakedPlans = [...otherPlans].filter((plan) => content.includes(`"${plan}"`));
      expect({ leaked, leakedPlans }).toEqual({ leaked: [], leakedPlans: [] });
    },
    120_000,
  );
});
