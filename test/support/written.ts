/** What is written to standard output and error while something is done, a text a write. */
export function written(act: () => void): string[] {
  const texts: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk) => texts.push(String(chunk)) > 0),
  );
  try {
    act();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return texts;
}
