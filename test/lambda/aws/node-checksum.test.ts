import { Sha256 as SdkSha256 } from '@smithy/core/checksum';
import fc from 'fast-check';
import { Sha256 } from '../../../lambda/aws/node-checksum';

const bytes = fc.uint8Array({ maxLength: 200 });
const secrets = fc.oneof(fc.constant(undefined), fc.string({ minLength: 1 }), bytes);

test('is what the SDK would have computed, with and without a secret', async () => {
  await fc.assert(
    fc.asyncProperty(secrets, fc.array(bytes), async (secret, parts) => {
      const [ours, theirs] = [new Sha256(secret), new SdkSha256(secret)];
      for (const part of parts) {
        ours.update(part);
        theirs.update(part);
      }

      expect(Buffer.from(await ours.digest())).toEqual(Buffer.from(await theirs.digest()));
    }),
  );
});

test('begins anew after reset, with the same secret', async () => {
  const hash = new Sha256('secret');
  hash.update(Buffer.from('one'));
  hash.reset();
  hash.update(Buffer.from('two'));
  const expected = new Sha256('secret');
  expected.update(Buffer.from('two'));

  expect(await hash.digest()).toEqual(await expected.digest());
});
