import { rollups, tableOf } from '../../../analytics/athena/rollups';

describe('the tables of roll-ups', () => {
  // A day that is rolled up is never written again. With other columns, raise the roll-up's version in
  // `rollups.ts`: its table gets a new name, and the step writes it for all closed days.
  test('keep their columns as long as they keep their names', () => {
    expect(
      Object.fromEntries(
        rollups.map(({ table, columns }) => [table, columns.map(({ name }) => name).join(' ')]),
      ),
    ).toEqual(released);
  });

  test('have a version in their names from the second one on', () => {
    expect([tableOf('traffic'), tableOf('traffic', 1), tableOf('traffic', 2)]).toEqual([
      'rollup_traffic',
      'rollup_traffic',
      'rollup_traffic_2',
    ]);
  });
});

const filters = 'time customer_name usage_plan_id usage_plan api_id stage';

const released = {
  rollup_traffic: `${filters} api_type api_key_id status error_response_type outcome requests bytes`,
  rollup_endpoints: `${filters} domain_name http_method endpoint protocol event_type status requests`,
  rollup_failures: `${filters} domain_name http_method endpoint status outcome error_response_type error_message authorizer_error authorizer_principal_id integration_error integration_status requests`,
  rollup_agents: `${filters} user_agent requests`,
  rollup_places: `${filters} country is_failed requests`,
  rollup_latencies: `${filters} step latency_range requests`,
  rollup_times: `${filters} requests responses response_ms integrations integration_ms authorizers authorizer_ms lengths length_ms overheads overhead_ms underhead_ms`,
  rollup_lines: `${filters} kind lines`,
};
