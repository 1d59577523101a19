import { Pass } from '../../../lambda/core/batch/batch-pass';
import { Catalog } from '../../../lambda/core/catalog/catalog';
import { rendererFor } from '../../../lambda/core/output/renderer-for';
import { outputs, readSettings } from '../../../lambda/core/settings/settings';
import { warmUp } from '../../../lambda/enrich/warm-up';
import { base64 } from '../../support/firehose';

const plan = { id: 'p', name: 'Gold', apiStages: [{ apiId: 'any', stage: 'any' }] };
const catalog = new Catalog([{ ...plan, keys: [{ id: 'kkkkkkkkk0', name: 'Zoë' }] }]);
const records = ['kkkkkkkkk0', 'kkkkkkkkk1', '-'].map((apiKeyId, index) => ({
  recordId: `record-${index}`,
  approximateArrivalTimestamp: 0,
  data: base64(JSON.stringify({ apiKeyId, apiId: 'any', stage: 'any' })),
}));

function optionsFor(output: string) {
  const renderer = rendererFor(readSettings({ OUTPUT: output }));
  return { renderer, readOther: () => undefined, maxInflatedBytes: 1024 };
}

describe.each(outputs)('with the output %s, a warm-up', (output) => {
  test('comes to an end', () => {
    const runSlice = warmUp(optionsFor(output));
    let slices = 1;
    while (runSlice() && slices < 100) slices++;

    expect(slices).toBeLessThan(100);
  });

  test('leaves nothing behind: not even a key of the same id is attributed by it', () => {
    const options = optionsFor(output);
    const runSlice = warmUp(options);
    while (runSlice()) {}

    const warm = new Pass(records, catalog, options);

    expect(warm.results).toEqual(new Pass(records, catalog, optionsFor(output)).results);
    expect(warm.counts.lines).toMatchObject({ enriched: 1, unknownKey: 1, withoutKey: 1 });
  });
});
