import { parseS3Location } from '../../../../lambda/core/catalog/s3-location';

test('a location is a bucket and a key, as they are', () => {
  expect(parseS3Location('s3://logs/_catalog/a b+é.gz')).toEqual({
    bucket: 'logs',
    key: '_catalog/a b+é.gz',
  });
});

for (const text of ['', 's3://logs', 's3://logs/', 'https://logs/key', 'logs/key']) {
  test(`rejects "${text}"`, () => {
    expect(() => parseS3Location(text)).toThrow('s3://bucket/key');
  });
}
