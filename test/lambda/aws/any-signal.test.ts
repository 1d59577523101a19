import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { anySignal } from '../../../lambda/aws/any-signal';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function nextAbort(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(signal.reason));
  });
}

describe('a signal of several', () => {
  test('aborts with the first that does, for its reason', async () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const signal = anySignal(one.signal, other.signal);
    const aborted = nextAbort(signal);

    other.abort('enough');
    one.abort('late');

    expect(await aborted).toBe('enough');
  });

  test('is aborted from the start where one of them is', () => {
    expect(anySignal(new AbortController().signal, AbortSignal.abort('before')).reason).toBe(
      'before',
    );
  });

  test('does not lose a timeout that nothing else holds', async () => {
    const signal = anySignal(anySignal(AbortSignal.timeout(50)), new AbortController().signal);
    await new Promise((resolve) => setTimeout(resolve, 5));
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 100));

    expect(signal.aborted).toBe(true);
  });
});
