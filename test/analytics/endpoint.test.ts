import { endpointOf, withoutIds } from '../../analytics/endpoint';

describe('the endpoint of a request', () => {
  test.each([
    ['a resource', { resourcePath: '/pets/{id}', path: '/prod/pets/7' }, '/pets/{id}'],
    ['a route with a method', { routeKey: 'GET /pets/{id}', path: '/pets/7' }, '/pets/{id}'],
    ['a route of a WebSocket API', { routeKey: '$connect' }, '$connect'],
    ['a resource before a route', { resourcePath: '/a', routeKey: 'GET /b' }, '/a'],
    ['a path where nothing else is known', { path: '/prod/pets/7', stage: 'prod' }, '/pets/{id}'],
    [
      'a path that only begins like the stage',
      { path: '/products/7', stage: 'prod' },
      '/products/{id}',
    ],
    ['the root of a stage', { path: '/prod', stage: 'prod' }, '/'],
    [
      'a greedy resource',
      { resourcePath: '/{proxy+}', path: '/prod/a/12', stage: 'prod' },
      '/a/{id}',
    ],
    ['a greedy resource without a path', { resourcePath: '/{proxy+}' }, '/{proxy+}'],
    ['the default route', { routeKey: '$default', path: '/a/b' }, '/a/b'],
    ['nothing', {}, undefined],
  ])('is known from %s', (_, target, expected) => {
    expect(endpointOf(target)).toBe(expected);
  });
});

describe('a path without ids', () => {
  test.each([
    ['/pets/42', '/pets/{id}'],
    ['/pets/42/photos', '/pets/{id}/photos'],
    ['/orders/550e8400-e29b-41d4-a716-446655440000', '/orders/{id}'],
    ['/blobs/9f86d081884c7d659a2feaa0c55ad015', '/blobs/{id}'],
    ['/parcels/PW46980484/events', '/parcels/{id}/events'],
    ['/labels/PW46980484.pdf', '/labels/{id}.pdf'],
    ['/invoices/2026-11', '/invoices/{id}'],
    ['/users/someone@example.com', '/users/{id}'],
    ['/jobs/01J9ZK3M5Q8R7T2V4W6X8Y0ABC', '/jobs/{id}'],
    ['/v1/pets', '/v1/pets'],
    ['/v2.1/pets', '/v2.1/pets'],
    ['/oauth2/token', '/oauth2/token'],
    ['/decade/facade', '/decade/facade'],
    ['/', '/'],
    ['', ''],
  ])('%s is %s', (path, expected) => {
    expect(withoutIds(path)).toBe(expected);
  });
});
