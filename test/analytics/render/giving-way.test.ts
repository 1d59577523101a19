import { givingWay } from '../../../analytics/render/giving-way';

const columns = [
  { name: 'request_id', width: 300 },
  { name: 'customer_name', width: 100 },
  { name: 'domain_name', width: 100 },
  { name: 'user_agent', width: 200 },
  { name: 'requests', width: 100 },
];
const gone = (room: number) => [...givingWay(columns, room)].map((place) => columns[place]?.name);

describe('a table that is too wide for its place', () => {
  test.each([
    [800, []],
    [799, ['user_agent']],
    [600, ['user_agent']],
    [599, ['user_agent', 'domain_name']],
  ])('of %i pixels leaves out what says least', (room, expected) => {
    expect(gone(room)).toEqual(expected);
  });

  test('leaves out where an endpoint is before the endpoint', () => {
    const of = [
      { name: 'api_id', width: 100 },
      { name: 'endpoint', width: 100 },
    ];

    expect([...givingWay(of, 150)]).toEqual([0]);
  });

  test('keeps its first column, and what it is about, however little room there is', () => {
    expect(gone(0)).toEqual(['user_agent', 'domain_name']);
  });
});
