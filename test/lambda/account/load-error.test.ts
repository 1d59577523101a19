import { catalogLoadError } from '../../../lambda/account/load-error';

const inTime = new AbortController().signal;

const http = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

const cases: { title: string; error: unknown; reason: string }[] = [
  { title: 'status 401', error: http(401), reason: 'denied' },
  { title: 'status 403', error: http(403), reason: 'denied' },
  { title: 'status 429', error: http(429), reason: 'throttled' },
  { title: 'a throttling name', error: { name: 'ThrottlingException' }, reason: 'throttled' },
  { title: 'no credentials', error: { name: 'CredentialsProviderError' }, reason: 'noCredentials' },
  { title: 'an unknown host', error: { code: 'ENOTFOUND' }, reason: 'unreachable' },
  { title: 'a refused connection', error: { code: 'ECONNREFUSED' }, reason: 'unreachable' },
  { title: 'a connection timeout', error: { name: 'TimeoutError' }, reason: 'unreachable' },
  { title: 'status 500', error: http(500), reason: 'failed' },
  { title: 'anything else', error: 'a string', reason: 'failed' },
  { title: 'nothing', error: undefined, reason: 'failed' },
];

for (const { title, error, reason } of cases) {
  test(`${title} means ${reason}`, () => {
    expect(catalogLoadError(error, inTime).reason).toBe(reason);
  });
}

test('past the deadline every error means that', () => {
  const error = catalogLoadError(new Error('aborted'), AbortSignal.abort());

  expect(error).toMatchObject({ reason: 'timedOut', message: expect.stringContaining('too long') });
});

test('the message names the cause, and the error carries it', () => {
  const cause = Object.assign(new Error('not authorized'), { name: 'AccessDenied', ...http(403) });

  const error = catalogLoadError(cause, inTime);

  expect(error.message).toMatch(/^cannot load the usage plans: denied.*\(AccessDenied: not auth/);
  expect(error.cause).toBe(cause);
});
