import { tryAgain } from '../../../lambda/attach/try-again';

function failing(times: number, name: string): () => Promise<number> {
  let calls = 0;
  return async () => {
    calls++;
    if (calls <= times) throw Object.assign(new Error('no'), { name });
    return calls;
  };
}

for (const name of ['AccessDeniedException', 'AccessDenied', 'ConflictException']) {
  test(`${name} is tried again, for as long as a new role may take to be known`, async () => {
    expect(await tryAgain(failing(11, name), 0)).toBe(12);
    await expect(tryAgain(failing(12, name), 0)).rejects.toThrow('no');
  });
}

test('what will not pass is not tried again', async () => {
  await expect(tryAgain(failing(1, 'BadRequestException'), 0)).rejects.toThrow('no');
});
