import { rendererFor } from '../../../../lambda/core/output/renderer-for';
import { outputs, readSettings } from '../../../../lambda/core/settings/settings';
import { lineOf } from '../../../support/log-lines';

const attribution = {
  usagePlan: 'Gold',
  usagePlanId: 'p1',
  customerName: 'ACME',
  outcome: 'enriched',
} as const;

describe('rendererFor', () => {
  const starts = {
    verbatim: '{"apiId":"a1","domainName":"api.example.com",',
    canonical: '{"api_id":"a1","domain_name":"api.example.com",',
    ecs: '{"aws":{"api_gateway":{"api_id":"a1",',
  } as const;
  for (const output of outputs) {
    test(`gives the ${output} shape`, () => {
      const renderer = rendererFor(readSettings({ OUTPUT: output }));
      const line = lineOf({ apiId: 'a1', domainName: 'api.example.com' });

      expect(renderer.line(line, attribution)).toMatch(/^\{.*\}\n$/);
      expect(renderer.line(line, attribution).slice(0, starts[output].length)).toBe(starts[output]);
    });
  }

  test('hands the Region on', () => {
    const renderer = rendererFor(readSettings({ OUTPUT: 'ecs' }), { region: 'eu-west-1' });

    expect(JSON.parse(renderer.line(lineOf({}), attribution)).cloud.region).toBe('eu-west-1');
  });
});
